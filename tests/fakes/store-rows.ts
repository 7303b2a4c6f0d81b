// Rows for a store: two sample tenants with a user each, and builders for orders, conversations and their legs.
import type { CommandRecord, Conversation, JournalLeg, Seed } from '../../relay/src/store/store.ts';

/** The time of everything that has no other. */
export const AT = '2026-11-21T10:00:00.000Z';

/** Tenant a with line l1 and Anna, tenant b with Ben. */
export const SEED: Seed = {
  tenants: [
    { tenantId: 'a', name: 'Sample A', country: 'DE' },
    { tenantId: 'b', name: 'Sample B', country: 'GB' },
  ],
  users: [
    { userId: 'a.anna', tenantId: 'a', login: 'anna', displayName: 'Anna Sample' },
    { userId: 'b.ben', tenantId: 'b', login: 'ben', displayName: 'Ben Sample' },
  ],
  lines: [{ lineId: 'l1', tenantId: 'a', pbxId: 'main', lineKey: '18', extension: '18', name: 'Anna' }],
  grants: [{ userId: 'a.anna', lineId: 'l1', rights: ['watch', 'control'], isOwn: true }],
};

/** Anna's order to call somebody, recorded. */
export function aCommand(over: Partial<CommandRecord> = {}): CommandRecord {
  const key = over.key ?? 'k1';
  const record = { userId: 'a.anna', key, commandKey: `cmd-${key}`, name: 'makeCall', lineId: 'l1' } as const;
  return { ...record, argsHash: 'hash', state: 'recorded', createdAt: AT, ...over };
}

/** An inbound leg on line l1 that has no end yet. */
export function aLeg(over: Partial<JournalLeg> = {}): JournalLeg {
  return {
    callId: 'c1',
    lineId: 'l1',
    direction: 'inbound',
    remote: { number: { kind: 'e164', number: '+493023125042' } },
    startedAt: AT,
    isEstimated: false,
    ...over,
  };
}

/** A conversation of one leg. */
export function aConversation(over: Partial<Omit<Conversation, 'seq'>> = {}): Omit<Conversation, 'seq'> {
  return { conversationId: 'v1', tenantId: 'a', direction: 'inbound', startedAt: AT, legs: [aLeg()], ...over };
}
