// Which relay this profile belongs to, and the one link to it. Pairing, unpairing and starting take turns, so that there
// are never two links, and nothing of one relay is ever shown, asked or answered at another.
import type { ClientMessage, ServerMessage } from '@offhook/protocol';
import type { Clock } from './clock.ts';
import { type IdentityDoor, type SignInOffer, signInAtCompany, signInOffer } from './company-sign-in.ts';
import type { DeviceKey } from './device-key.ts';
import { createTurns } from './in-turn.ts';
import { createLink, type Link, type LinkOptions } from './link.ts';
import type { ViewRequests } from './messages.ts';
import { type EnrolResult, enrol, webSocketOrigin } from './pairing.ts';
import type { SignInStatus } from './phone.ts';
import type { PhoneHolder } from './phone-holder.ts';
import type { OpenSocket } from './relay-socket.ts';
import { type KeyValueStore, loadConnection, saveConnection } from './settings.ts';

/** The key of this browser profile; see device-key.ts. */
export interface DeviceKeys {
  load(): Promise<DeviceKey>;
  forget(): Promise<void>;
}

export interface ConnectionOptions {
  store: KeyValueStore;
  keys: DeviceKeys;
  holder: PhoneHolder;
  openSocket: OpenSocket;
  identity: IdentityDoor;
  clock: Clock;
  random(): number;
  /** Where the journal's stream stands, for resuming it. */
  journalCursor(): string | undefined;
  /** Who we say we are. */
  client(): Promise<LinkOptions['client']>;
  onMessage(message: ServerMessage): void;
  /** A new socket is signed in, and nothing was sent over it yet. */
  onSignedIn(): void;
  /** The relay that was asked until now will not answer any more. */
  onForgotten(): void;
}

type Pairing = ViewRequests['pair'];
type CompanySignIn = ViewRequests['sign-in'];

export interface RelayConnection {
  /** Starts the link if this profile is paired and was not refused. Never rejects. */
  start(): Promise<void>;
  /** Tries again after a refusal, since the agent is looking. */
  retry(): void;
  /** As `Link.send`. */
  send(message: ClientMessage): boolean;
  wake(): void;
  probe(): void;
  pair(request: Pairing['request']): Promise<Pairing['answer']>;
  /** Whether a relay takes the company's account. */
  signInOffer(relayUrl: string): Promise<SignInOffer>;
  /** Pairs by the company's account. One at a time; how far it is stands in the phone's state. */
  signIn(request: CompanySignIn['request'] & { isSilent: boolean }): Promise<CompanySignIn['answer']>;
  unpair(): Promise<void>;
}

/** The connection of one worker. */
export function createConnection(options: ConnectionOptions): RelayConnection {
  const { store, keys, holder } = options;
  const inTurn = createTurns();
  let link: Link | undefined;
  // Grows with each pairing and disconnecting: a sign-in that began before is not what the agent wants any more.
  let round = 0;

  async function open(): Promise<void> {
    const stored = await loadConnection(store);
    if (!stored) return holder.apply({ type: 'forgotten' });
    const { sign } = await keys.load();
    const client = await options.client();
    link = createLink({ ...stored, ...placeAndEvents(options), sign, client });
  }

  // Without its key or its storage this profile cannot connect, and nothing but the agent can help.
  const openOrSay = () =>
    open().catch(() => holder.apply({ type: 'link', status: { type: 'refused', code: 'browser-failed' } }));

  /** Silent first, then forgotten: a late frame must not bring the old relay's lines back. */
  function forget(): void {
    round += 1;
    link?.close();
    link = undefined;
    options.onForgotten();
    holder.apply({ type: 'forgotten' });
  }

  /** The link of a device that was just enrolled, in place of the one before. */
  async function adopt(origin: string, { device, userName }: EnrolResult & { type: 'paired' }) {
    forget();
    await saveConnection(store, { origin, device, userName });
    await openOrSay();
    return { type: 'paired', userName } as const;
  }

  // Not in turn: a page of the provider may be open for minutes. What comes of it is.
  async function signIn({ relayUrl, deviceName, isSilent }: CompanySignIn['request'] & { isSilent: boolean }) {
    const origin = webSocketOrigin(relayUrl);
    if (origin === undefined) return { type: 'failed', code: 'relay-unreachable' } as const;
    const mine = round;
    const say = (status: SignInStatus) => holder.apply({ type: 'sign-in', status });
    // Before anything is awaited: of two at once, one signs in.
    say({ type: 'connecting' });
    const { publicKey } = await keys.load();
    const onWaiting = (provider: string) => say({ type: 'waiting', provider });
    const signed = await signInAtCompany({ ...options, origin, publicKey, deviceName, isSilent, onWaiting });
    if (signed.type !== 'paired') return signed;
    return inTurn(async () => {
      // The relay removes a device that is never used.
      if (mine !== round) return { type: 'failed', code: 'sign-in-cancelled' } as const;
      return adopt(origin, signed);
    });
  }

  return {
    start: () =>
      inTurn(async () => {
        if (!link && holder.state().link.type !== 'refused') await openOrSay();
      }),
    retry() {
      if (holder.state().link.type !== 'refused') return;
      void inTurn(async () => {
        if (holder.state().link.type !== 'refused') return;
        link?.close();
        await openOrSay();
      });
    },
    send: (message) => link?.send(message) ?? false,
    wake: () => link?.wake(),
    probe: () => link?.probe(),
    pair: ({ relayUrl, code, deviceName }) =>
      inTurn(async () => {
        const origin = webSocketOrigin(relayUrl);
        if (origin === undefined) return { type: 'failed', code: 'relay-unreachable' };
        const { publicKey } = await keys.load();
        const paired = await enrol({ ...options, origin, code, publicKey, deviceName });
        return paired.type === 'failed' ? paired : adopt(origin, paired);
      }),
    async signInOffer(relayUrl) {
      const origin = webSocketOrigin(relayUrl);
      return origin === undefined ? { type: 'failed', code: 'relay-unreachable' } : signInOffer({ ...options, origin });
    },
    async signIn(request) {
      if (isBusy(holder.state().signIn)) return { type: 'failed', code: 'sign-in-cancelled' };
      const mine = round;
      const result = await signIn(request).catch(() => ({ type: 'failed', code: 'browser-failed' }) as const);
      // That nobody could be asked is no news to anybody: the button is there. Nor is what became of it afterwards.
      const isTold =
        result.type === 'failed' && mine === round && !(request.isSilent && result.code === 'sign-in-interaction');
      holder.apply({ type: 'sign-in', status: isTold ? { type: 'failed', code: result.code } : undefined });
      return result;
    },
    unpair: () =>
      inTurn(async () => {
        forget();
        await saveConnection(store, undefined);
        await keys.forget();
      }),
  };
}

function isBusy(status: SignInStatus | undefined): boolean {
  return status !== undefined && status.type !== 'failed';
}

function placeAndEvents({
  holder,
  openSocket,
  clock,
  random,
  journalCursor,
  onMessage,
  onSignedIn,
}: ConnectionOptions) {
  return {
    openSocket,
    clock,
    random,
    resume: () => ({ cursor: holder.state().cursor, journal: journalCursor() }),
    onMessage,
    onStatus(status) {
      if (status.type === 'online') onSignedIn();
      holder.apply({ type: 'link', status });
    },
  } satisfies Partial<LinkOptions>;
}
