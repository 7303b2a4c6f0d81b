// Story: whatever goes wrong between browser and relay, the agent reads what happened and what to do, in both languages.
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import { openWorld, press, type World, waitForText } from './world.ts';

const WORDS = {
  en: {
    connect: 'Connect',
    wrongCode: 'The code is wrong or has expired. Ask your administrator for a new one',
    unreachable: 'The relay cannot be reached. Check the address',
    down: 'The relay is not reachable',
  },
  de: {
    connect: 'Verbinden',
    wrongCode: 'Der Code ist falsch oder abgelaufen.',
    unreachable: 'Das Relay ist nicht erreichbar.',
    down: 'Das Relay ist nicht erreichbar',
  },
};

describe.each(['en', 'de'] as const)('errors in words (%s)', (lang) => {
  let world: World;
  let agent: Agent;
  let options: Page;
  const words = WORDS[lang];

  beforeAll(async () => {
    world = await openWorld();
    agent = await world.newcomer({ lang });
    options = await agent.openView('options.html');
  });
  afterAll(() => world.close());

  const pairBy = async (link: string) => {
    const field = await options.waitForSelector('input');
    await field?.click({ count: 3 });
    await field?.type(link);
    await press(options, words.connect);
  };

  test('a wrong code, a relay that is not there, then the right link', async () => {
    await pairBy(`${world.stage.relayUrl}/#pair=BBBBBBBB`);
    await waitForText(options, words.wrongCode);
    await pairBy('http://127.0.0.1:9/#pair=BBBBBBBB');
    await waitForText(options, words.unreachable);
    await pairBy(await world.stage.pairingLink('ada'));
    await waitForText(options, 'Ada Sample');
    const popup = await agent.openView('popup.html');
    await waitForText(popup, '10');
    await world.stage.relay.kill();
    await waitForText(popup, words.down);
    await world.stage.relay.start();
  });
});
