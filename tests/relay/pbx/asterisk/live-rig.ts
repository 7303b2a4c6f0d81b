// A real Asterisk 16 with real SIP phones behind the driver, in a company as in the relay. Loopback only; where it cannot be
// had, the reason is said and nothing is pretended.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import type { CommandOrder } from '@offhook/protocol';
import { locationOf } from '@offhook/protocol/location-settings';
import * as v from 'valibot';
import { systemClock } from '../../../../relay/src/clock.ts';
import { openAsteriskDriver } from '../../../../relay/src/pbx/asterisk/driver.ts';
import { AsteriskOptionsSchema } from '../../../../relay/src/pbx/asterisk/options.ts';
import type { DriverOrder, Leg } from '../../../../relay/src/pbx/driver.ts';
import { type Phone, startPhone } from '../../../../scripts/asterisk/phone.ts';
import { type AsteriskServer, startAsterisk } from '../../../../scripts/asterisk/server.ts';
import type { FakeClock } from '../../../fakes/clock.ts';
import { type Company, openCompany } from '../company.ts';

export const EXTENSIONS = ['100', '101', '102', '103'] as const;
export type Extension = (typeof EXTENSIONS)[number];
/** Who is called and calls outside; `0` gets a line. */
export const OUTSIDE = '03023125042';
export const OUTSIDE_DIALLED = `0${OUTSIDE}`;

export const CONF = join(import.meta.dirname, '../../../fixtures/asterisk/conf');
const BERLIN = locationOf({
  country: 'DE',
  areaCode: '30',
  outsideLine: '0',
  internal: { minDigits: 2, maxDigits: 4 },
});

/** The machine's own clock, in the shape that the company wants; nobody moves it. */
const liveClock: FakeClock = {
  ...systemClock,
  advance() {
    throw new Error('a real phone system has its own time');
  },
  jump() {
    throw new Error('a real phone system has its own time');
  },
  pending: () => 0,
};

/** The phone system, up for as many tests as like. */
export interface Ground {
  server: AsteriskServer;
  phones: Record<Extension, Phone>;
  /** The far end of the trunk. */
  outside: Phone;
  close(): Promise<void>;
}

/** Starts Asterisk and its phones, all logged in. */
export async function openGround(root: { path: string; modules: string }): Promise<Ground> {
  const server = await startAsterisk({ root: root.path, modules: root.modules, confDir: CONF });
  const start = (user: Extension) => startPhone({ user, sipServerPort: server.sipPort, password: `pw${user}` });
  const opened: Phone[] = [];
  const close = async () => {
    await Promise.all(opened.map((phone) => phone.close()));
    await server.close();
  };
  try {
    const outside = await startPhone({ user: OUTSIDE, sipServerPort: server.sipPort, port: server.trunkPort });
    opened.push(outside);
    const started = await Promise.allSettled(EXTENSIONS.map(start));
    opened.push(...started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    const [a, b, c, d] = started.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
    if (!a || !b || !c || !d) throw new Error('a phone is missing');
    await untilLoggedIn(server, EXTENSIONS);
    const phones = { 100: a, 101: b, 102: c, 103: d };
    return {
      server,
      phones,
      outside,
      async close() {
        // A test may have put another phone in the place of one.
        await Promise.all([...Object.values(phones), outside].map((phone) => phone.close()));
        await server.close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const LOGIN_LIMIT_MS = 15_000;

/** Phones log in some moments after they take commands. Resolves when all of these have. */
export async function untilLoggedIn(server: AsteriskServer, users: readonly string[]): Promise<void> {
  const endsAt = performance.now() + LOGIN_LIMIT_MS;
  for (;;) {
    const contacts = await server.console('pjsip show contacts');
    const absent = users.filter((user) => !new RegExp(`Contact:\\s+${user}/`).test(contacts));
    if (absent.length === 0) return;
    if (performance.now() > endsAt) throw new Error(`not logged in: ${absent.join(', ')}`);
  }
}

export type LiveUser = 'agents' | 'features' | 'everything' | 'watcher';

export interface Live {
  company: Company;
  dial(lineKey: Extension, dialString: string, args?: { device?: string }): ReturnType<Company['order']>;
  onCall(leg: Leg, order: CommandOrder, extra?: Partial<DriverOrder>): ReturnType<Company['order']>;
  order: Company['order'];
  /** Every state of every leg of a line, in the order in which they were told. */
  story(lineKey: string): string[];
  close(): Promise<void>;
}

/** A driver over the running phone system, behind the relay's core. */
export async function openLive(
  { server }: Ground,
  settings: Record<string, unknown> = {},
  user: LiveUser = 'features',
): Promise<Live> {
  const options = v.parse(AsteriskOptionsSchema, {
    port: server.amiPort,
    username: user,
    password: 'env:SAMPLE',
    dialContext: 'internal',
    features: 'astdb',
    ...settings,
  });
  const company = await openCompany((context) => openAsteriskDriver(options, context, () => `${user}-sample`), {
    clock: liveClock,
    location: BERLIN,
  });
  await company.shows('in touch', '100', ({ state }) => state !== 'unknown');
  return {
    company,
    order: company.order,
    dial: (lineKey, dialString, args = {}) =>
      company.order({
        lineKey,
        dialString,
        order: { name: 'makeCall', args: { number: { kind: 'raw', text: dialString }, ...args } },
      }),
    onCall: (leg, order, extra = {}) => company.order({ lineKey: leg.lineKey, callKey: leg.callKey, order, ...extra }),
    story(lineKey) {
      const steps = company.events.flatMap((event) =>
        event.type === 'leg' && event.leg.lineKey === lineKey ? [event.leg] : [],
      );
      const said = new Map<string, string>();
      return steps.flatMap(({ callKey, state, cause }) => {
        if (said.get(callKey) === state) return [];
        said.set(callKey, state);
        return [cause === undefined ? state : `${state}: ${cause}`];
      });
    },
    close: () => company.close(),
  };
}

/** A SIP phone that sends every call to `target`; answers how often it was called. */
export async function openForwardingPhone(
  port: number,
  { target, sipServerPort }: { target: string; sipServerPort: number },
): Promise<{ calls(): number; close(): void }> {
  const socket = createSocket('udp4').bind(port, '127.0.0.1');
  await once(socket, 'listening');
  let calls = 0;
  socket.on('message', (bytes, sender) => {
    const lines = bytes.toString().split('\r\n');
    if (!lines[0]?.startsWith('INVITE ')) return;
    calls += 1;
    const copied = lines.filter((line) => /^(?:Via|From|Call-ID|CSeq):/.test(line));
    const to = lines.find((line) => line.startsWith('To:')) ?? '';
    const contact = `Contact: <sip:${target}@127.0.0.1:${sipServerPort}>`;
    const answer = [
      'SIP/2.0 302 Moved Temporarily',
      ...copied,
      `${to};tag=sample`,
      contact,
      'Content-Length: 0',
      '',
      '',
    ];
    socket.send(answer.join('\r\n'), sender.port, sender.address);
  });
  return {
    calls: () => calls,
    close: () => socket.close(),
  };
}

/** Asterisk tells of lamps some moments after what made them change. */
const QUIET_MS = 80;
const LONGEST_MS = 5_000;

/**
 * Resolves when nothing has come for a while, and nothing that was done just now can still be under way: a real phone system
 * says by nothing else that it is through. `lastHeard` is the moment of the last event, by `performance.now()`.
 */
export async function untilQuiet(lastHeard: () => number): Promise<void> {
  const askedAt = performance.now();
  const isQuiet = () => performance.now() - Math.max(lastHeard(), askedAt) >= QUIET_MS;
  while (!isQuiet() && performance.now() < askedAt + LONGEST_MS) {
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS / 8));
  }
}
