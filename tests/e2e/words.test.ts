// Story: whatever goes wrong, the agent reads what happened and what to do, in both languages.
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import {
  ADA,
  ANNA,
  eventually,
  LINK_LIMIT_MS,
  openWorld,
  PAUL,
  press,
  typeToDial,
  type World,
  waitForText,
} from './world.ts';

const WORDS = {
  en: {
    connect: 'Connect',
    wrongCode: 'The code is wrong or has expired. Ask your administrator for a new one',
    unreachable: 'The relay cannot be reached. Check the address',
    down: 'The relay is not reachable',
    dials: 'Dials',
    notDiallable: 'This cannot be dialled. Check the number and its area code.',
    busy: 'Your line is busy. Hold or end the running call first.',
    noPhone: 'No phone is logged in on your line. Switch your phone on or log it in.',
    unknown: 'Nobody can tell whether this arrived. Look at your phone before you try again.',
    revoked: 'The access of this browser was withdrawn. Ask your administrator, then pair it again.',
  },
  de: {
    connect: 'Verbinden',
    wrongCode: 'Der Code ist falsch oder abgelaufen.',
    unreachable: 'Das Relay ist nicht erreichbar.',
    down: 'Das Relay ist nicht erreichbar',
    dials: 'Wählt',
    notDiallable: 'Das lässt sich nicht wählen. Prüfen Sie die Nummer und ihre Vorwahl.',
    busy: 'Ihre Leitung ist belegt. Halten oder beenden Sie zuerst das laufende Gespräch.',
    noPhone: 'Auf Ihrer Leitung ist kein Telefon angemeldet. Schalten Sie Ihr Telefon ein oder melden Sie es an.',
    unknown: 'Ob das ankam, weiß niemand. Sehen Sie auf Ihr Telefon, bevor Sie es erneut versuchen.',
    revoked:
      'Der Zugang dieses Browsers wurde entzogen. Fragen Sie Ihre Administration und verbinden Sie ihn dann neu.',
  },
};

describe.each(['en', 'de'] as const)('errors in words (%s)', (lang) => {
  let world: World;
  let agent: Agent;
  let popup: Page;
  const words = WORDS[lang];

  beforeAll(async () => {
    world = await openWorld();
    agent = await world.agent('ada', { lang });
    popup = await agent.openView('popup.html');
    await popup.waitForSelector('.dial__input');
  });
  afterAll(() => world.close());
  afterEach(async () => {
    const { desk } = world.stage;
    while ((await desk.farHangsUp(ADA)) || (await desk.hangUp(ADA)));
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle' || state === 'unavailable');
  });

  const type = (text: string) => typeToDial(popup, text);
  const order = async () => {
    await type(ANNA.reported);
    await waitForText(popup, `${words.dials} 0${ANNA.reported}`);
    await popup.keyboard.press('Enter');
  };

  test('a wrong code, and a relay that is not there', async () => {
    const newcomer = await world.newcomer({ lang });
    const options = await newcomer.openView('options.html');
    const pairBy = async (link: string) => {
      const field = await options.waitForSelector('input');
      await field?.click({ count: 3 });
      await field?.type(link);
      await press(options, words.connect);
    };
    await pairBy(`${world.stage.relayUrl}/#pair=BBBBBBBB`);
    await waitForText(options, words.wrongCode);
    await pairBy('http://127.0.0.1:9/#pair=BBBBBBBB');
    await waitForText(options, words.unreachable);
    await pairBy(await world.stage.pairingLink('ben'));
    await waitForText(options, 'Ben Sample');
    await newcomer.close();
  });

  test('a number that is none', async () => {
    await type('12345678901234567890');
    await waitForText(popup, words.notDiallable);
  });

  test('a line that is busy', async () => {
    await world.stage.desk.callIn({ from: PAUL.reported, to: ADA });
    await world.stage.desk.lift(ADA);
    await world.stage.lineUntil(ADA, 'a busy line', ({ state }) => state === 'busy');
    await order();
    await waitForText(popup, words.busy);
  });

  test('a line without phone', async () => {
    await world.stage.desk.setRegistered(ADA, 'loggedOut');
    await world.stage.lineUntil(ADA, 'no phone', ({ state }) => state === 'unavailable');
    await order();
    await waitForText(popup, words.noPhone);
    await world.stage.desk.setRegistered(ADA, 'loggedIn');
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
  });

  test('an order of which nobody knows whether it arrived is given once', async () => {
    const before = (await world.stage.desk.received()).length;
    await world.stage.desk.fault({ type: 'dropNextOutcome' });
    await order();
    await eventually(
      'the words',
      () => popup.evaluate(() => document.body.textContent),
      (said) => said?.includes(words.unknown) ?? false,
      // The relay itself waits for ten seconds.
      40_000,
    );
    expect((await world.stage.desk.received()).length).toBe(before + 1);
  });

  test("a line that is not the agent's to control", async () => {
    const [, bens] = (await world.stage.cli('lines')) as { lineId: string }[]; // as the CLI prints them
    const answer = await popup.evaluate(
      (lineId) =>
        chrome.runtime.sendMessage({
          name: 'command',
          request: { lineId, order: { name: 'makeCall', args: { number: { kind: 'internal', number: '10' } } } },
        }),
      bens?.lineId,
    );
    expect(answer).toEqual({ type: 'failed', code: 'not-permitted' });
  });
});

describe.each(['en', 'de'] as const)('losing the relay, in words (%s)', (lang) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  test('a relay that is down, and a device that was revoked', async () => {
    const words = WORDS[lang];
    const agent = await world.agent('ada', { lang });
    const popup = await agent.openView('popup.html');
    await popup.waitForSelector('.dial__input');
    await world.stage.relay.kill();
    await waitForText(popup, words.down);
    await world.stage.relay.start();
    await popup.waitForFunction(
      (down) => !document.body.textContent?.includes(down),
      { polling: 50, timeout: LINK_LIMIT_MS },
      words.down,
    );
    const devices = (await world.stage.cli('devices')) as { deviceId: string; user: string }[]; // as above
    const own = devices.find(({ user }) => user.includes('ada') || user.includes('Ada'));
    await world.stage.cli('devices', 'revoke', String(own?.deviceId));
    await waitForText(popup, words.revoked);
    // Paired anew, the browser is let in again.
    await (await agent.pair(await world.stage.pairingLink('ada'))).close();
    await popup.bringToFront();
    await popup.waitForFunction(
      (revoked) => !document.body.textContent?.includes(revoked),
      { polling: 50, timeout: LINK_LIMIT_MS },
      words.revoked,
    );
  });
});
