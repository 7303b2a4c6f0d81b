// Story, in Firefox: an agent looks closer at a number before anything is dialled, copies it, and decides what is one.
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FirefoxAgent } from '../../scripts/stage/firefox-agent.ts';
import { moveOnto, paintedNumbers, waitForPainted } from '../../scripts/stage/marks.ts';
import { ADA, ANNA, eventually, PAUL } from '../e2e/world.ts';
import { clickInChip, describeInFirefox, type FirefoxWorld, openFirefoxWorld, treeOf } from './world.ts';

describeInFirefox('the card beside a number in Firefox', () => {
  let world: FirefoxWorld;
  let agent: FirefoxAgent;
  let page: Page;

  beforeAll(async () => {
    world = await openFirefoxWorld();
    agent = await world.agent('ada');
  });
  afterAll(() => world.close());
  // A page of its own for each: what the one before has shown last may still be there.
  beforeEach(async () => {
    page = await agent.openPage(world.crm.url);
    await waitForPainted(page, 20);
  });
  afterEach(() => page.close());

  const press = (button: string) =>
    clickInChip(page, button, ({ value }) => value?.attributes?.['data-act'] === button);
  const said = (...parts: string[]) =>
    eventually(
      `the card to say ${parts.join(', ')}`,
      async () => (await treeOf(page)).join('\n'),
      (tree) => parts.every((part) => tree.includes(part)),
    );

  test('says whom it belongs to and what is dialled, copies, and calls by one press', async () => {
    await moveOnto(page, ANNA.text);
    await press('open');
    await said(ANNA.name, `Dials 0${ANNA.reported} on line ${ADA}`);
    await press('copy');
    await said(`Copied: ${ANNA.e164}`);
    const before = (await world.stage.desk.received()).length;
    await press('call');
    await world.stage.lineUntil(ADA, 'the own phone to ring', ({ calls }) =>
      calls.some(({ state }) => state === 'prompting'),
    );
    expect((await world.stage.desk.received()).slice(before)).toMatchObject([{ dialString: `0${ANNA.reported}` }]);
    await world.stage.desk.hangUp(ADA);
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
  });

  test('"not a number here" takes the mark away at once, and Undo brings it back', async () => {
    await moveOnto(page, PAUL.text);
    await press('open');
    await press('not-number');
    const marked = (isMarked: boolean) =>
      eventually(
        `${PAUL.text} to be ${isMarked ? 'marked' : 'left'}`,
        () => paintedNumbers(page),
        (all) => all.includes(PAUL.text) === isMarked,
      );
    await marked(false);
    await press('undo');
    await marked(true);
  });

  test('during a call it consults: the call is held first, then the number is called', async () => {
    await world.stage.desk.callIn({ from: PAUL.reported, to: ADA });
    await world.stage.desk.lift(ADA);
    await world.stage.lineUntil(ADA, 'a call that is talked', ({ calls }) =>
      calls.some(({ state }) => state === 'connected'),
    );
    const before = (await world.stage.desk.received()).length;
    await moveOnto(page, ANNA.text);
    await press('open');
    await said(`In a call with ${PAUL.name}`);
    await press('consult');
    await world.stage.lineUntil(
      ADA,
      'one call on hold and another one dialled',
      ({ calls }) =>
        calls.some(({ state }) => state === 'held') &&
        calls.some(({ direction, state }) => direction === 'outbound' && state !== 'ended'),
    );
    const orders = (await world.stage.desk.received()).slice(before);
    expect(orders.map(({ name }) => name)).toEqual(['hold', 'makeCall']);
    await world.stage.desk.hangUp(ADA);
    await world.stage.desk.farHangsUp(ADA);
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
  });

  test('during a call it transfers: the caller is sent on to the number that the card shows', async () => {
    await world.stage.desk.callIn({ from: PAUL.reported, to: ADA });
    await world.stage.desk.lift(ADA);
    await world.stage.lineUntil(ADA, 'a call that is talked', ({ calls }) =>
      calls.some(({ state }) => state === 'connected'),
    );
    const before = (await world.stage.desk.received()).length;
    await moveOnto(page, ANNA.text);
    await press('open');
    await said(`In a call with ${PAUL.name}`);
    await press('transfer');
    await world.stage.lineUntil(ADA, 'a call that was transferred', ({ calls }) =>
      calls.some(({ cause }) => cause === 'transferred'),
    );
    expect((await world.stage.desk.received()).slice(before)).toMatchObject([
      { name: 'redirect', dialString: `0${ANNA.reported}` },
    ]);
  });

  test('another country that is chosen on it holds for the site, and can be changed back', async () => {
    const choose = async (country: string) => {
      await moveOnto(page, ANNA.text);
      await press('open');
      await clickInChip(page, 'the countries', ({ value }) => value?.attributes?.['class'] === 'card__select');
      await agent.chooseInList(country);
    };
    await choose('Netherlands');
    await said('set for this site', '+31 3023125007');
    await page.mouse.move(2, 2);
    await page.reload();
    await eventually(
      `${ANNA.text} to be painted`,
      () => paintedNumbers(page),
      (all) => all.includes(ANNA.text),
    );
    await choose('Germany');
    await said('set for this site', '+49 30 23125007');
  });
});
