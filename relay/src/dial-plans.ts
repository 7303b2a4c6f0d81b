// Which dial plans a user is told: those of the phone systems where the user may start calls. How the others dial, and which
// extensions they have, is nobody's business who only watches.
import type { DialPlan } from '@offhook/protocol';
import type { Viewer } from './access.ts';
import type { Config } from './config.ts';
import type { BoardLine } from './switchboard.ts';

/** The dial plans for a viewer, of the viewer's own tenant; `line` finds a line of any tenant. */
export function dialPlansFor(
  viewer: Viewer,
  {
    pbx,
    line,
  }: {
    pbx: readonly Pick<Config['pbx'][number], 'id' | 'tenant' | 'location'>[];
    line(lineId: string): BoardLine | undefined;
  },
): DialPlan[] {
  const { tenantId } = viewer.tenant;
  const dialling = viewer.linesWith('control');
  const pbxIds = dialling === 'all' ? 'all' : new Set([...dialling].map((lineId) => line(lineId)?.pbxId));
  return pbx
    .filter(({ id, tenant }) => tenant === tenantId && (pbxIds === 'all' || pbxIds.has(id)))
    .map(({ id, location }) => ({ dialPlanId: id, location }));
}
