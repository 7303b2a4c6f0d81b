// Groups, shared workstations and restricted contacts, as the command line lists and changes them. As with users, every
// change goes through Access and reaches open connections at once.
import type { Logger } from 'pino';
import type { Access } from './access.ts';
import { ControlError, type ControlHandlers } from './control.ts';
import { isLogin } from './people-assignment.ts';
import { groupNamed, lineIdNamed, nameOf, partsOf, tenantFor, tenantNamed, userNamed } from './people-names.ts';
import type { Group, Store } from './store/store.ts';
import type { Switchboard } from './switchboard.ts';

export interface GroupOptions {
  store: Pick<Store, 'users' | 'tenants' | 'groups' | 'device'>;
  access: Pick<Access, 'change'>;
  switchboard: Pick<Switchboard, 'lines'>;
  log: Logger;
}

type GroupHandlers = Pick<ControlHandlers, 'groups' | 'addGroup' | 'removeGroup' | 'joinGroup' | 'leaveGroup'>;
type PlaceHandlers = Pick<ControlHandlers, 'setWorkstation' | 'restrictSource'>;

/** The handlers of `relay groups …`, `relay devices line …` and `relay contacts restrict|open`. */
export function groupHandlers(options: GroupOptions): GroupHandlers & PlaceHandlers {
  return { ...membershipHandlers(options), ...placeHandlers(options) };
}

function membershipHandlers(options: GroupOptions): GroupHandlers {
  const { store, access, log } = options;
  return {
    async groups(_args, { emit }) {
      for (const group of await store.groups()) emit(await presented(store, group));
    },
    async addGroup({ group: text }, { emit }) {
      const { tenantId: wanted, login } = partsOf(text);
      const name = login.replace(/^@/, '');
      if (!isLogin(name)) {
        throw new ControlError('refused', `a group's name is 1–32 of a–z, 0–9, dot, _ and -, unlike ${name}`);
      }
      const { tenantId } = await tenantFor(store, wanted, `@${name}`);
      const isTaken = (await store.groups()).some((group) => group.tenantId === tenantId && group.name === name);
      if (isTaken) throw new ControlError('refused', `there is a group @${name} already`);
      // A tenant's id has no @, so that no two groups share an id.
      const group = { groupId: `${tenantId}@${name}`, tenantId, name };
      await access.change([{ type: 'add-group', group }]);
      log.info({ group: group.groupId }, 'group added');
      emit(await presented(store, { ...group, userIds: [], grants: [] }));
    },
    async removeGroup({ group: text }, { emit }) {
      const group = await groupNamed(store, text);
      await access.change([{ type: 'remove-group', groupId: group.groupId }]);
      log.info({ group: group.groupId }, 'group removed');
      emit(await presented(store, group));
    },
    async joinGroup({ group: text, user: name }, { emit }) {
      await member('join-group', text, name);
      emit(await presented(store, await groupNamed(store, text)));
    },
    async leaveGroup({ group: text, user: name }, { emit }) {
      await member('leave-group', text, name);
      emit(await presented(store, await groupNamed(store, text)));
    },
  };

  // In a group's tenant a log-in name needs no tenant before it.
  async function member(type: 'join-group' | 'leave-group', text: string, name: string): Promise<void> {
    const { groupId, tenantId } = await groupNamed(store, text);
    const user = await userNamed(store, partsOf(name).tenantId === undefined ? `${tenantId}/${name}` : name);
    if (user.tenantId !== tenantId) throw new ControlError('refused', `${name} is of another tenant than ${text}`);
    await access.change([{ type, groupId, userId: user.userId }]);
    log.info(
      { group: groupId, user: user.userId },
      type === 'join-group' ? 'user joined a group' : 'user left a group',
    );
  }
}

async function presented(store: GroupOptions['store'], { tenantId, name, userIds }: Group) {
  const logins = new Map((await store.users()).map(({ userId, login }) => [userId, login]));
  const users = userIds.map((userId) => logins.get(userId) ?? userId);
  return { group: await nameOf(store, { tenantId, login: `@${name}` }), users };
}

function placeHandlers(options: GroupOptions): PlaceHandlers {
  const { store, access, switchboard, log } = options;
  return {
    async setWorkstation({ device: deviceId, line }, { emit }) {
      const device = await store.device(deviceId);
      const user = (await store.users()).find(({ userId }) => userId === device?.userId);
      if (!device || !user) {
        throw new ControlError('refused', `there is no device ${deviceId}: "relay devices" shows those there are`);
      }
      const lineId = line === null ? undefined : lineIdNamed(switchboard, user.tenantId, line);
      if (lineId === '*') throw new ControlError('refused', 'a workstation has one line: name it');
      await access.change([{ type: 'set-workstation', deviceId, lineId }]);
      log.info({ device: deviceId, lineId }, 'line of a workstation set');
      emit({ device: deviceId, name: device.name, ...(line !== null && { line }) });
    },
    async restrictSource({ tenant, source, isRestricted }, { emit }) {
      const { tenantId } = await tenantNamed(store, tenant);
      await access.change([{ type: 'restrict-source', tenantId, source, isRestricted }]);
      log.info({ tenant: tenantId, source, isRestricted }, 'who finds the contacts of a source was changed');
      emit({ tenant: tenantId, source, isRestricted });
    },
  };
}
