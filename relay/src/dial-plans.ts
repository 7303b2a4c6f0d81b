// Which dial plans a user is told: those of the phone systems where the user may start calls. How the others dial, and which
// extensions they have, is nobody's business who only watches.
import type { DialPlan } from '@offhook/protocol';
import type { Viewer } from './access.ts';
import type { Config } from './config.ts';
import type { BoardLine } from './switchboard.ts';

/** The dial plans for a viewer, of the viewer's own tenant; `lines` are that tenant's. */
export function dialPlansFor(
  viewer: Viewer,
  {
    pbx,
    lines,
  }: { pbx: readonly Pick<Config['pbx'][number], 'id' | 'tenant' | 'location'>[]; lines: readonly BoardLine[] },
): DialPlan[] {
  const dialling = new Set(
    lines.filter(({ lineId }) => viewer.rightsOn(lineId).has('control')).map(({ pbxId }) => pbxId),
  );
  return pbx
    .filter(({ id, tenant }) => tenant === viewer.tenant.tenantId && dialling.has(id))
    .map(({ id, location }) => ({ dialPlanId: id, location }));
}
