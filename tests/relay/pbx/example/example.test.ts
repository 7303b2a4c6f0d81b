// The example of docs/writing-a-driver.md keeps the contract, and the page shows it as it is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createExchange } from '../../../../relay/src/pbx/simulator/exchange.ts';
import { createFakeClock } from '../../../fakes/clock.ts';
import { describeDriver } from '../contract.ts';
import type { Subject } from '../contract-subject.ts';
import { EXAMPLE, openExampleDriver } from './driver.ts';
import { openExamplePhoneSystem } from './phone-system.ts';

const PASSWORD = 'a-sample-of-a-password';

async function openSubject(): Promise<Subject> {
  const clock = createFakeClock();
  const lines = ['10', '11', '12'].map((extension) => ({ extension, name: `Line ${extension}` }));
  const pbxClock = createFakeClock();
  const exchange = createExchange({ clock: pbxClock, lines });
  const system = await openExamplePhoneSystem(exchange, PASSWORD);
  const password = { secretFrom: 'env', name: 'UNUSED' } as const;
  const drivers: { snapshot(): Promise<unknown> }[] = [];
  const { hands } = exchange;
  return {
    open(context) {
      const driver = openExampleDriver({ host: '127.0.0.1', port: system.port, password }, context, () => PASSWORD);
      drivers.push(driver);
      return driver;
    },
    clock,
    lineKeyOf: (extension) => extension,
    hands: {
      lift: async (line) => hands.lift(line),
      hangUp: async (line) => hands.hangUp(line),
      decline: async (line) => hands.reject(line),
      dial: async (line, digits) => hands.dial(line, digits),
      callIn: async (call) => exchange.callIn(call),
      farRings: async () => undefined,
      farAnswers: async (line) => hands.farAnswers(line),
      farHangsUp: async (line, cause) => hands.farHangsUp(line, cause),
      ringsOut: async () => pbxClock.advance(30_000),
    },
    faults: {
      cut: async () => system.cut(),
      garbage: async () => system.say('\u0000{"a":1}\ncall 10\ncall 10 k t sideways flying 1 -\nconstructor\nline'),
      pieces: async () => {
        system.wrong.inPieces = true;
      },
      silence: async () => {
        system.wrong.isSilent = true;
      },
      refuseLogin: async () => {
        system.wrong.refusesLogin = true;
        system.cut();
      },
      flood: async (changes) => {
        for (let count = 0; count < changes; count += 1) system.say(`line 11 Line 11`);
      },
    },
    secrets: [PASSWORD],
    async settled() {
      await Promise.allSettled(drivers.map((driver) => driver.snapshot()));
      await new Promise((resolve) => setImmediate(resolve));
    },
    received: () => exchange.received(),
    close: () => system.close(),
  };
}

describeDriver({
  kind: 'example',
  subjectId: 'words',
  subject: 'a made-up phone system that speaks lines of words',
  declaration: EXAMPLE,
  openSubject,
});

it('stands in docs/writing-a-driver.md as it is', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/writing-a-driver.md'), 'utf8');
  const driver = readFileSync(join(import.meta.dirname, 'driver.ts'), 'utf8');
  const shown = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code.trim());
  expect(shown.length).toBeGreaterThan(3);
  for (const code of shown) expect(driver).toContain(code);
});
