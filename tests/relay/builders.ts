// Small parts for the relay's tests: a line, a call, a viewer, an order. Numbers are from ranges that nobody has.
import type { Command, Location, Right } from '@offhook/protocol';
import { locationOf } from '@offhook/protocol/location-settings';
import { pino } from 'pino';
import { type Viewer, viewerOf } from '../../relay/src/access.ts';
import type { Grant } from '../../relay/src/store/store.ts';
import type { BoardCall, BoardLine } from '../../relay/src/switchboard.ts';

export const SILENT = pino({ level: 'silent' });

export const BERLIN: Location = locationOf({ country: 'DE', areaCode: '30', outsideLine: '0' });

export function aCall(parts: Partial<BoardCall> = {}): BoardCall {
  const callId = parts.callId ?? 'call-1';
  return {
    callId,
    callKey: `key of ${callId}`,
    conversationId: `conversation-of-${callId}`,
    direction: 'inbound',
    state: 'offering',
    remote: { number: { kind: 'e164', number: '+493023125042' }, name: 'Sample Caller' },
    answerReported: true,
    since: 0,
    capabilities: ['answer', 'drop', 'redirect', 'hold', 'transfer', 'conference', 'toggle', 'sendDtmf', 'retrieve'],
    ...parts,
  };
}

export function aLine(parts: Partial<BoardLine> = {}): BoardLine {
  const lineId = parts.lineId ?? 'line-1';
  return {
    lineId,
    tenantId: 'tenant-1',
    pbxId: 'pbx-1',
    lineKey: `key of ${lineId}`,
    extension: '18',
    name: 'Sample Desk',
    state: 'idle',
    asOf: 0,
    dnd: null,
    forward: null,
    capabilities: ['makeCall', 'pickup', 'setForward', 'setDnd'],
    rev: 0,
    calls: [],
    ...parts,
  };
}

export function aViewer({
  userId = 'user-1',
  tenantId = 'tenant-1',
  aclRev = 1,
  grants = [{ userId, lineId: 'line-1', rights: [], isOwn: true }],
}: {
  userId?: string;
  tenantId?: string;
  aclRev?: number;
  grants?: readonly Grant[];
} = {}): Viewer {
  const user = { userId, tenantId, login: userId, displayName: `Sample ${userId}` };
  return viewerOf({ user, tenant: { tenantId, name: 'Sample Ltd', country: 'DE' }, aclRev }, grants);
}

export function aGrant(userId: string, lineId: string, ...rights: Right[]): Grant {
  return { userId, lineId, rights, isOwn: false };
}

export type MakeCall = Extract<Command, { name: 'makeCall' }>;

export function aMakeCall(parts: Partial<MakeCall> = {}): MakeCall {
  return {
    type: 'command',
    id: 'id-1',
    key: 'key-1',
    name: 'makeCall',
    lineId: 'line-1',
    args: { number: { kind: 'e164', number: '+493023125042' } },
    deadlineMs: 5_000,
    ...parts,
  };
}

/** Everything that is ready now has run: promises that waited for nothing but each other are settled. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
