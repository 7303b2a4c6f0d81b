// A relay as a process of its own with a real identity provider beside it, and extensions that sign in through both. Two
// accounts may be called ada, one of them elsewhere; cleo is no user of the relay.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerMessage } from '@offhook/protocol';
import { DEMO_EXTENSION_ID } from '../../relay/src/extension-ids.ts';
import { firefoxRedirect } from '../../relay/src/oidc-settings.ts';
import { type Accounts, CLIENT, type ProviderOptions, type SampleProvider, startProvider } from './oidc-rig.ts';
import { connectTo, type RelayRun, runRelay } from './process-rig.ts';
import { connectWire } from './wire-client.ts';

export const REDIRECT = `https://${DEMO_EXTENSION_ID}.chromiumapp.org/`;
export const FIREFOX_REDIRECT = firefoxRedirect('offhook@offhook.example');
export const FIREFOX = 'moz-extension://0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';

const ACCOUNTS: Accounts = {
  'id-1': {
    preferred_username: 'ada@offhook.example',
    email: 'ada@offhook.example',
    email_verified: true,
    name: 'Ada Sample',
  },
  'id-2': { preferred_username: 'ada@elsewhere.example', email: 'ada@offhook.example', email_verified: false },
  'id-3': { preferred_username: 'cleo@offhook.example', name: 'Cleo \u202eSample' },
};

interface Begin {
  publicKey?: string;
  redirectUri?: string;
  isSilent?: boolean;
  origin?: string;
  name?: string;
}

type SignInMessage = ServerMessage & { type: 'sign-in' };
type EnrolledMessage = ServerMessage & { type: 'enrolled' };

/** Opens it with a provider; the relay is started by `start`. */
export async function openOidcWorld() {
  const dir = mkdtempSync(join(tmpdir(), 'offhook-oidc-'));
  const config = join(dir, 'relay.yaml');
  let provider = await provided();
  let relay: (RelayRun & { url: string }) | undefined;

  function provided(options: Partial<ProviderOptions> = {}): Promise<SampleProvider> {
    return startProvider({ accounts: ACCOUNTS, redirectUris: [REDIRECT, FIREFOX_REDIRECT], ...options });
  }

  function running() {
    if (!relay) throw new Error('the relay was not started');
    return relay;
  }

  /** Writes the configuration. `oidc`: more keys of `signIn.oidc`; false: no provider at all. */
  function configure(oidc: object | false = {}): void {
    const { issuer } = provider;
    writeFileSync(join(dir, 'secret'), CLIENT.secret, { mode: 0o600 });
    const usual = {
      issuer,
      name: 'Sample ID',
      clientId: CLIENT.id,
      clientSecret: 'file:secret',
      domains: ['offhook.example'],
    };
    const written = {
      listen: '127.0.0.1:0',
      dataDir: join(dir, 'data'),
      log: { level: 'debug' },
      ...(oidc && { signIn: { oidc: { ...usual, ...oidc } } }),
      seed: {
        tenants: [{ id: 'sample', name: 'Sample company', country: 'DE' }],
        users: [{ login: 'ada', name: 'Ada Sample' }],
      },
    };
    writeFileSync(config, JSON.stringify(written), { mode: 0o600 });
  }

  /** Starts the relay, in place of one that runs; as `configure`. */
  async function start(oidc: object | false = {}): Promise<void> {
    await stop();
    configure(oidc);
    const run = runRelay(['start', '--config', config]);
    const [, url = ''] = await run.said(/relay listening on (\S+)/);
    relay = { ...run, url };
  }

  async function stop(): Promise<void> {
    relay?.child.kill('SIGKILL');
    await relay?.ended;
  }

  /** An extension's connection after its challenge. */
  async function connected(origin?: string) {
    const { url } = running();
    const client =
      origin === undefined ? connectTo(url) : connectWire(`${url.replace(/^http/, 'ws')}/v1`, { Origin: origin });
    const { nonce, signIn } = await client.next('challenge');
    return { ...client, nonce, signIn };
  }

  /** What the relay says: where to sign in, or how it closed. */
  async function begin(options: Begin = {}): Promise<SignInMessage | { code: number; reason: string }> {
    const { publicKey = newKey().publicKey, redirectUri = REDIRECT, origin, isSilent, name = 'Sample' } = options;
    const client = await connected(origin);
    const device = { name };
    client.send({ type: 'begin-sign-in', publicKey, redirectUri, device, ...(isSilent !== undefined && { isSilent }) });
    const answer = await client.next('sign-in').catch(() => client.closed);
    client.socket.terminate();
    return answer;
  }

  return {
    connected,
    begin,
    configure,
    start,
    provider: () => provider,
    relayUrl: () => running().url,
    log: () => running().out() + running().err(),
    async begun(options: Begin = {}): Promise<SignInMessage> {
      const answer = await begin(options);
      if (!('ticket' in answer)) throw new Error(`the relay closed with ${answer.reason}`);
      return answer;
    },
    /** The enrolled device, or the reason of the close. */
    async finish(ticket: string, answer: string, origin?: string): Promise<EnrolledMessage | string> {
      const client = await connected(origin);
      client.send({ type: 'finish-sign-in', ticket, answer });
      const end = await client.next('enrolled').catch(() => client.closed);
      client.socket.terminate();
      return 'reason' in end ? end.reason : end;
    },
    /** Another provider at the same address. */
    async replaceProvider(options: Partial<ProviderOptions> = {}): Promise<void> {
      const { port } = provider;
      await provider.close();
      provider = await provided({ port, ...options });
    },
    async cli(...args: string[]): Promise<string> {
      const run = runRelay([...args, '--config', config]);
      const { code } = await run.ended;
      if (code !== 0) throw new Error(`relay ${args.join(' ')} ended with ${code}: ${run.err()}`);
      return run.out();
    },
    /** What a command says that does not succeed. */
    async failing(...args: string[]): Promise<string> {
      const run = runRelay([...args, '--config', config]);
      const { code } = await run.ended;
      if (code === 0) throw new Error(`relay ${args.join(' ')} succeeded: ${run.out()}`);
      return run.out() + run.err();
    },
    async close(): Promise<void> {
      await stop();
      await provider.close();
      rmSync(dir, { recursive: true });
    },
  };
}

export type OidcWorld = Awaited<ReturnType<typeof openOidcWorld>>;

/** A browser's key; the public half as the relay takes it. */
export function newKey(): { privateKey: KeyObject; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64url') };
}
