// A relay's side of the command line that does nothing, and a line to answer with.
import type { Line } from '@offhook/protocol';
import type { ControlHandlers } from '../../relay/src/control.ts';

/** Handlers that answer nothing. */
export const noHandlers: ControlHandlers = {
  status: async () => undefined,
  pair: async () => undefined,
  devices: async () => undefined,
  revoke: async () => undefined,
  users: async () => undefined,
  addUser: async () => undefined,
  grants: async () => undefined,
  setGrant: async () => undefined,
  removeGrant: async () => undefined,
  unlinkUser: async () => undefined,
  removeUser: async () => undefined,
  groups: async () => undefined,
  addGroup: async () => undefined,
  removeGroup: async () => undefined,
  joinGroup: async () => undefined,
  leaveGroup: async () => undefined,
  setWorkstation: async () => undefined,
  sources: async () => undefined,
  syncSource: async () => undefined,
  restrictSource: async () => undefined,
  tenants: async () => undefined,
  addTenant: async () => undefined,
  suspendTenant: async () => undefined,
  removeTenant: async () => undefined,
  exportTenant: async () => undefined,
  assignLines: async () => undefined,
  ownLines: async () => undefined,
  lines: async () => undefined,
  lineNames: async () => undefined,
  lineChanges: async () => undefined,
  acceptLines: async () => undefined,
  journal: async () => undefined,
  exportJournal: async () => undefined,
  eraseJournal: async () => undefined,
  audit: async () => undefined,
  watch: async () => undefined,
  call: async () => undefined,
  callers: async () => undefined,
  reload: async () => undefined,
  logLevels: async () => undefined,
  raiseLog: async () => undefined,
  traceStart: async () => undefined,
  traceStop: async () => undefined,
  traceBundle: async () => undefined,
};

/** An idle sample line. */
export function aLine(over: Partial<Line> = {}): Line {
  return {
    lineId: 'l18',
    tenant: 'sample',
    name: 'Anna Sample',
    extension: '18',
    isOwn: true,
    state: 'idle',
    asOf: '2026-11-21T10:00:00.000Z',
    dnd: false,
    forward: null,
    capabilities: ['makeCall'],
    calls: [],
    ...over,
  };
}
