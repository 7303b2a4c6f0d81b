// One relay as a process with two companies, alpha and beta, each with a phone system of its own that has the same twelve
// lines, a contact of its own, and two agents: `ada` on line 10, who watches all, and `bea` on line 18.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callControl, controlPath } from '../../relay/src/control.ts';
import type { ControlArgs, ControlItem, ControlName } from '../../relay/src/control-commands.ts';
import { startSimulatorServer } from '../../relay/src/pbx/simulator/server.ts';
import { connectTo, pairBrowser, runRelay } from './process-rig.ts';
import { helloOf, type WireClient, type WireDevice } from './wire-client.ts';

const TENANTS = ['alpha', 'beta'] as const;
const CONTACTS = { alpha: 'Alma Sample', beta: 'Bruno Sample' };

/** Starts it; resolves when both phone systems have reported their lines. */
export async function startCompanies() {
  const dir = mkdtempSync(join(tmpdir(), 'offhook-companies-'));
  const config = join(dir, 'relay.yaml');
  const dataDir = join(dir, 'data');
  const start = () => startSimulatorServer({ port: 0, print: () => undefined });
  const simulators = { alpha: await start(), beta: await start() };
  for (const tenant of TENANTS) {
    writeFileSync(join(dir, `${tenant}.csv`), `ID,Name,Phone\n1,${CONTACTS[tenant]},030 23125042\n`);
  }
  const ports = { alpha: simulators.alpha.port, beta: simulators.beta.port };
  writeFileSync(config, JSON.stringify(configOf({ dir, dataDir, ports })));
  const run = runRelay(['start', '--config', config]);
  const devices = new Map<string, WireDevice>();
  const sockets: WireClient[] = [];

  async function ask<Name extends ControlName>(command: Name, args: ControlArgs<Name>): Promise<ControlItem<Name>[]> {
    const items: ControlItem<Name>[] = [];
    await callControl(controlPath(dataDir), command, args, { onItem: (item) => items.push(item) });
    return items;
  }

  async function close(): Promise<void> {
    for (const { socket } of sockets) socket.terminate();
    run.child.kill('SIGKILL');
    await run.ended;
    for (const simulator of Object.values(simulators)) await simulator.close();
    rmSync(dir, { recursive: true });
  }

  try {
    const [, url = ''] = await run.said(/relay listening on (\S+)/);
    while ((await ask('lines', {})).length < 24) await new Promise(setImmediate);

    /** A connection of the user's browser, which is paired when it is first asked for. Nothing of it was read yet. */
    async function signIn(user: string) {
      const [pairing] = await ask('pair', { user });
      devices.set(user, await pairBrowser(url, pairing?.code ?? ''));
      return signInAgain(user);
    }

    async function signInAgain(user: string) {
      const device = devices.get(user);
      if (!device) throw new Error(`${user} was never paired`);
      const client = connectTo(url);
      sockets.push(client);
      const { nonce } = await client.next('challenge');
      client.send(helloOf(device, device.proof(nonce)));
      const welcome = await client.next('welcome');
      client.send({ type: 'subscribe', lines: ['*'], journal: false });
      return { ...client, welcome };
    }

    return {
      dir,
      config,
      ask,
      signIn,
      signInAgain,
      pairWith: (code: string) => pairBrowser(url, code),
      exchanges: { alpha: simulators.alpha.exchange, beta: simulators.beta.exchange },
      log: () => run.err(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

export type Companies = Awaited<ReturnType<typeof startCompanies>>;

function configOf({ dir, dataDir, ports }: { dir: string; dataDir: string; ports: Record<'alpha' | 'beta', number> }) {
  return {
    listen: '127.0.0.1:0',
    dataDir,
    pbx: TENANTS.map((id) => {
      return { id, kind: 'simulator', tenant: id, location: { country: 'DE' }, options: { port: ports[id] } };
    }),
    contacts: TENANTS.map((tenant) => {
      const id = tenant === 'alpha' ? 'crm' : 'crm-beta';
      return { id, kind: 'csv', tenant, file: join(dir, `${tenant}.csv`), country: 'DE' };
    }),
    seed: {
      tenants: TENANTS.map((id) => ({ id, name: `${id} Sample`, country: 'DE' })),
      users: TENANTS.flatMap((tenant) => [
        { tenant, login: 'ada', name: `Ada ${tenant}`, line: `${tenant}/10`, watch: '*' },
        { tenant, login: 'bea', name: `Bea ${tenant}`, line: `${tenant}/18` },
      ]),
    },
  };
}
