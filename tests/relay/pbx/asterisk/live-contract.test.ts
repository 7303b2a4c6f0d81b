// The driver of Asterisk keeps the drivers' contract over a real Asterisk 16 with real SIP phones: what those phones and that
// dial plan can do. The wire's faults are tested over the fake, which can be told to have them.
import * as v from 'valibot';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { ASTERISK } from '../../../../relay/src/pbx/asterisk/declaration.ts';
import { openAsteriskDriver } from '../../../../relay/src/pbx/asterisk/driver.ts';
import { AsteriskOptionsSchema } from '../../../../relay/src/pbx/asterisk/options.ts';
import { no, type PbxDeclaration } from '../../../../relay/src/pbx/declaration.ts';
import type { Driver } from '../../../../relay/src/pbx/driver.ts';
import { type Phone, startPhone } from '../../../../scripts/asterisk/phone.ts';
import { asteriskRoot } from '../../../../scripts/asterisk/root.ts';
import { type AsteriskServer, startAsterisk } from '../../../../scripts/asterisk/server.ts';
import { createFakeClock } from '../../../fakes/clock.ts';
import { describeDriver } from '../contract.ts';
import {
  EXTENSIONS,
  type Extension,
  type ReceivedOrder,
  type Subject,
  type SubjectHands,
} from '../contract-subject.ts';
import { CONF, OUTSIDE, untilLoggedIn, untilQuiet } from './live-rig.ts';

// A minute and a half: `npm run test:asterisk` and `npm run test:full` have it, `npm test` has the situations.
const isFull = process.env['OFFHOOK_FULL'] === '1' || process.env['OFFHOOK_ASTERISK'] === '1';
const root = isFull ? await asteriskRoot({ say: (text) => console.log(text) }) : { missing: 'npm run test:asterisk' };
const NOT_HERE = no('The phones of this test do not obey such orders.');
const DECLARATION: PbxDeclaration = {
  ...ASTERISK,
  commands: { ...ASTERISK.commands, answer: NOT_HERE, hold: NOT_HERE, retrieve: NOT_HERE, toggle: NOT_HERE },
  events: { ...ASTERISK.events, voicemail: no('The lines of this test have no boxes.') },
};
const LONGEST_MS = 5_000;
// Twenty plays on a busy machine; `npm run test:asterisk` gives a test five minutes.
const PLAYS_FOR_MS = 150_000;

let server: AsteriskServer;
let outside: Phone;
const phones = new Map<Extension, Phone>();

if ('missing' in root) {
  describe.skipIf(true)(`a real Asterisk (skipped: ${root.missing}): contract`, () => {
    it('keeps the contract', () => undefined);
  });
} else {
  beforeAll(async () => {
    server = await startAsterisk({ root: root.path, modules: root.modules, confDir: CONF });
    outside = await startPhone({ user: OUTSIDE, sipServerPort: server.sipPort, port: server.trunkPort });
    for (const extension of EXTENSIONS) phones.set(extension, await phoneOf(extension));
    await untilLoggedIn(server, EXTENSIONS);
  });
  afterAll(async () => {
    await Promise.all([...phones.values(), outside].map((phone) => phone.close()));
    await server.close();
  });
  describeDriver({
    kind: 'asterisk',
    subjectId: 'asterisk-16',
    subject: 'Asterisk 16.28 of Debian 11 with SIP phones (baresip)',
    declaration: DECLARATION,
    openSubject,
    hasWire: false,
    playsForMs: PLAYS_FOR_MS,
  });
}

function phoneOf(extension: Extension): Promise<Phone> {
  return startPhone({ user: extension, sipServerPort: server.sipPort, password: `pw${extension}` });
}

function told(extension: Extension, command: string, params?: string): Promise<string> {
  const phone = phones.get(extension);
  if (!phone) throw new Error(`no phone ${extension}`);
  return phone.tell(command, params);
}

async function openSubject(): Promise<Subject> {
  const clock = createFakeClock();
  const options = v.parse(AsteriskOptionsSchema, {
    port: server.amiPort,
    username: 'features',
    password: 'env:SAMPLE',
    dialContext: 'contract',
    hintContext: 'contract',
    features: 'astdb',
    conferenceContext: 'offhook-conference',
    ownPhoneSeconds: 5,
    groups: { 90: 'Sales' },
  });
  const open = new Set<{ driver: Driver; heardAt: number }>();
  const received: ReceivedOrder[] = [];

  const settled = () => untilQuiet(() => Math.max(0, ...[...open].map(({ heardAt }) => heardAt)));

  return {
    clock,
    settled,
    lineKeyOf: (extension) => extension,
    secrets: ['features-sample'],
    hands: hands(settled),
    received: () => received,
    open(context) {
      const mine = { heardAt: performance.now() };
      const emit: typeof context.emit = (event) => {
        mine.heardAt = performance.now();
        context.emit(event);
      };
      const driver = openAsteriskDriver(options, { ...context, emit }, () => 'features-sample');
      const watching: Driver = {
        ...driver,
        async command(order) {
          const result = await driver.command(order);
          if (result.type === 'sent') received.push({ name: order.order.name, dialString: order.dialString });
          return result;
        },
      };
      const entry = Object.assign(mine, { driver });
      open.add(entry);
      context.signal.addEventListener('abort', () => open.delete(entry), { once: true });
      return watching;
    },
    async close() {
      await server.console('channel request hangup all');
      for (const extension of EXTENSIONS) await setFeature(extension, { family: 'DND', value: null });
      for (const extension of EXTENSIONS) await setFeature(extension, { family: 'CF', value: null });
      const ends = performance.now() + LONGEST_MS;
      while (!/^0 active channels/m.test(await server.console('core show channels')) && performance.now() < ends) {
        await Promise.all([...phones.values(), outside].map((phone) => phone.tell('hangup')));
      }
    },
  };
}

async function setFeature(extension: Extension, { family, value }: { family: 'DND' | 'CF'; value: string | null }) {
  const change =
    value === null ? `database del ${family} ${extension}` : `database put ${family} ${extension} ${value}`;
  await server.console(change);
  await server.console(`devstate change Custom:${family}${extension} ${value === null ? 'NOT_INUSE' : 'BUSY'}`);
}

function hands(settled: () => Promise<void>): Partial<SubjectHands> {
  const after = async (done: Promise<unknown>) => {
    await done;
    await settled();
  };
  return {
    lift: (extension) => after(told(extension, 'accept')),
    hangUp: (extension) => after(told(extension, 'hangup')),
    decline: (extension) => after(told(extension, 'hangup')),
    dial: (extension, digits) => after(told(extension, 'dial', digits)),
    hold: (extension) => after(told(extension, 'hold')),
    retrieve: (extension) => after(told(extension, 'resume')),
    callIn: ({ to }) => after(outside.tell('dial', `sip:${to}@127.0.0.1:${server.sipPort}`)),
    // A phone outside that is called rings by itself.
    farRings: settled,
    farAnswers: () => after(outside.tell('accept')),
    farHangsUp: () => after(outside.tell('hangup')),
    ringsOut: async () => undefined,
    async setPhone(extension, state) {
      if (state === 'loggedOut') await phones.get(extension)?.close();
      else phones.set(extension, await phoneOf(extension));
    },
    setDnd: (extension, state) => setFeature(extension, { family: 'DND', value: state === 'on' ? 'YES' : null }),
    setForward: (extension, to) => setFeature(extension, { family: 'CF', value: to }),
  };
}
