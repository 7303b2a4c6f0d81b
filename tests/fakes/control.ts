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
  lines: async () => undefined,
  journal: async () => undefined,
  watch: async () => undefined,
  call: async () => undefined,
  callers: async () => undefined,
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
