// Where a user may call from, and how often still: what `relay policy test NUMBER --user U` asks of the running relay. It
// reads grants and the guard's count, and changes neither.
import type { Location } from '@offhook/protocol';
import type { Access, Viewer } from './access.ts';
import { ControlError, type ControlHandlers } from './control.ts';
import type { ControlItem } from './control-commands.ts';
import type { Guard } from './guard.ts';
import { userNamed } from './people-names.ts';
import type { Store } from './store/store.ts';
import type { BoardLine, Switchboard } from './switchboard.ts';

export interface PolicyOptions {
  store: Pick<Store, 'users'>;
  access: Pick<Access, 'viewer'>;
  switchboard: Pick<Switchboard, 'lines'>;
  guard: Pick<Guard, 'left'>;
  locationOf(pbxId: string): Location;
}

type CallerLine = ControlItem<'callers'>['places'][number]['lines'][number];

/** The handler of `callers`. */
export function policyHandlers(options: PolicyOptions): Pick<ControlHandlers, 'callers'> {
  const { store, access, switchboard, guard, locationOf } = options;
  return {
    async callers({ user: name }, { emit }) {
      const user = await userNamed(store, name);
      const viewer = await access.viewer(user.userId);
      if (!viewer) throw new ControlError('refused', `${name} has no tenant any more: add the user anew`);
      const lines = switchboard.lines(user.tenantId).filter(({ lineId }) => viewer.rightsOn(lineId).has('control'));
      const pbxIds = [...new Set(lines.map(({ pbxId }) => pbxId))];
      const places = pbxIds.map((pbx) => ({
        pbx,
        location: locationOf(pbx),
        lines: lines.filter(({ pbxId }) => pbxId === pbx).map((line) => callerLine(viewer, line)),
      }));
      emit({ user: user.login, left: guard.left(user.userId), places });
    },
  };
}

function callerLine(viewer: Viewer, line: BoardLine): CallerLine {
  const obstacle = obstacleOf(line);
  const { extension, name, lineId } = line;
  return { extension, name, isOwn: viewer.isOwn(lineId), ...(obstacle && { obstacle }) };
}

function obstacleOf(line: BoardLine): CallerLine['obstacle'] {
  if (line.unavailableReason === 'pbxUnreachable') return 'pbx-unreachable';
  return line.capabilities.includes('makeCall') ? undefined : 'not-supported';
}
