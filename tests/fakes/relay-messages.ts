// What a relay says, with everything that a test does not care about filled in.
import type { Line, ServerMessage } from '@offhook/protocol';

type Said<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

/** The first frame of every socket. */
export function aChallenge(change: Partial<Said<'challenge'>> = {}): Said<'challenge'> {
  return { type: 'challenge', nonce: 'nonce-1', relay: { version: '0.1.0' }, versions: ['offhook.v1'], ...change };
}

/** Signed in. */
export function aWelcome(change: Partial<Said<'welcome'>> = {}): Said<'welcome'> {
  return {
    type: 'welcome',
    session: 'session-1',
    relay: { version: '0.1.0' },
    user: { userId: 'mia', name: 'Mia Sample' },
    tenant: { tenantId: 'sample', name: 'Sample', country: 'DE' },
    features: [],
    heartbeatMs: 20_000,
    resumed: false,
    limits: { maxFrameBytes: 65_536 },
    ...change,
  };
}

/** All lines in one part. */
export function aSnapshot(lines: Line[], change: Partial<Said<'snapshot'>> = {}): Said<'snapshot'> {
  return { type: 'snapshot', epoch: 'epoch-1', rev: 1, aclRev: 1, lines, part: 1, parts: 1, ...change };
}

/** Some lines that changed. */
export function aDelta(lines: Said<'delta'>['lines'], change: Partial<Said<'delta'>> = {}): Said<'delta'> {
  return { type: 'delta', epoch: 'epoch-1', rev: 2, lines, ...change };
}
