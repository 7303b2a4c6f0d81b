// Browser profiles that are thrown away every evening (terminal servers) come back without a key. Where the company says so,
// such a browser signs in by itself, unseen, as long as the agent is signed in at the company's identity provider. It tries
// ever more rarely, never twice at once, and not at all after the agent has disconnected; the button is always there.
import * as v from 'valibot';
import type { Clock } from './clock.ts';
import type { PhoneState } from './phone.ts';
import type { KeyValueStore } from './settings.ts';

export interface SilentSignInOptions {
  /** Session storage: a worker's death changes nothing, the browser's next start is a new try. */
  memory: KeyValueStore;
  clock: Clock;
  state(): PhoneState;
  /** The relay at which the company wants this browser signed in; undefined where it does not. */
  relay(): Promise<string | undefined>;
  signIn(relayUrl: string): Promise<{ type: 'paired' } | { type: 'failed' }>;
}

export interface SilentSignIn {
  /** Signs in if that is wanted and its time has come. Never rejects. */
  attempt(): Promise<void>;
  /** The agent has disconnected: not again before the browser is started anew. */
  stop(): Promise<void>;
}

const KEY = 'silentSignIn';
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 7_200_000;
const MemorySchema = v.object({ failures: v.number(), notBefore: v.number(), isStopped: v.boolean() });
type Memory = v.InferOutput<typeof MemorySchema>;
const START: Memory = { failures: 0, notBefore: 0, isStopped: false };

/** Nothing is tried before `attempt`. */
export function createSilentSignIn(options: SilentSignInOptions): SilentSignIn {
  const { memory, clock } = options;
  let underWay: Promise<void> | undefined;
  // What the agent said while a try was under way counts.
  let stops = 0;

  async function remembered(): Promise<Memory> {
    const read = v.safeParse(MemorySchema, (await memory.get(KEY))[KEY]);
    return read.success ? read.output : START;
  }

  async function tryOnce(): Promise<void> {
    if (!isWithoutKey(options.state())) return;
    const before = stops;
    const { failures, notBefore, isStopped } = await remembered();
    // A clock that was set back must not stop it for good.
    const isEarly = clock.now() < notBefore && notBefore - clock.now() <= LONGEST_PAUSE_MS;
    if (isStopped || isEarly) return;
    const relay = await options.relay();
    if (relay === undefined || stops !== before) return;
    // Written down before: a worker that dies on the way has tried.
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 4 ** failures);
    await memory.set({ [KEY]: { failures: failures + 1, notBefore: clock.now() + pauseMs, isStopped } });
    const result = await options.signIn(relay);
    if (result.type === 'paired' && stops === before) await memory.set({ [KEY]: START });
  }

  return {
    attempt() {
      // Storage that fails leaves the button.
      underWay ??= tryOnce()
        .catch(() => undefined)
        .finally(() => {
          underWay = undefined;
        });
      return underWay;
    },
    async stop() {
      stops += 1;
      await memory.set({ [KEY]: { ...START, isStopped: true } });
    },
  };
}

// Never paired, or with a device that the relay has removed since it was not used. One that was revoked stays out.
function isWithoutKey({ link }: PhoneState): boolean {
  return link.type === 'unpaired' || (link.type === 'refused' && link.code === 'unauthenticated');
}
