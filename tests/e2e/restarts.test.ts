// Story: worker and relay die at the worst moment, and afterwards everything is right again, nothing twice, nothing lost.
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import {
  ADA,
  ANNA,
  createdNotifications,
  eventually,
  LINK_LIMIT_MS,
  openWorld,
  PAUL,
  press,
  seenOf,
  signedIn,
  type World,
  waitForNoText,
  waitForText,
} from './world.ts';

describe('when parts die', () => {
  let world: World;
  let agent: Agent;
  let popup: Page;

  beforeAll(async () => {
    world = await openWorld();
    agent = await world.agent('ada');
    popup = await agent.openView('popup.html');
    await waitForText(popup, 'Line 10');
  });
  afterAll(() => world.close());
  afterEach(async () => {
    const { desk } = world.stage;
    while ((await desk.farHangsUp(ADA)) || (await desk.hangUp(ADA)));
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    await eventually(
      'no notification',
      () => agent.notifications(),
      (ids) => ids.length === 0,
    );
    for (const said of ['Calling you', 'In call']) await waitForNoText(popup, said);
  });

  const extensions = () => signedIn(world.stage);
  // The one that is asked may be just ending.
  const bornAt = async () => Number(await agent.inWorker('performance.timeOrigin').catch(() => 0));

  test('the worker is stopped while it rings: the call stands once, and can be answered', async () => {
    await world.stage.desk.callIn({ from: ANNA.reported, to: ADA });
    const [id = ''] = await eventually(
      'a notification',
      () => agent.notifications(),
      (ids) => ids.length === 1,
    );
    await waitForText(popup, 'Calling you');
    const before = await bornAt();
    await agent.stopWorker();
    await eventually('a new worker', bornAt, (born) => born > before);
    await eventually('one signed-in extension', extensions, (count) => count === 1);
    await waitForText(popup, 'Calling you');
    expect(await agent.notifications()).toEqual([id]);
    await press(popup, 'Answer');
    await waitForText(popup, 'In call');
    await eventually(
      'no notification',
      () => agent.notifications(),
      (ids) => ids.length === 0,
    );
    expect((await createdNotifications(agent)).filter((created) => created === id)).toHaveLength(1);
    await seenOf(world, { id, action: 'shown', times: 1 });
  });

  test('the worker is stopped in the middle of a call: the popup shows it again, and it can be ended', async () => {
    await world.stage.desk.callIn({ from: PAUL.reported, to: ADA });
    await waitForText(popup, PAUL.name);
    await press(popup, 'Answer');
    await waitForText(popup, 'In call');
    const before = await bornAt();
    await agent.stopWorker();
    await eventually('a new worker', bornAt, (born) => born > before);
    await eventually('one signed-in extension', extensions, (count) => count === 1);
    await waitForText(popup, 'In call');
    await press(popup, 'Hang up');
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
  });

  test('the relay is killed in the middle of a call: link and call come back, the journal is whole', async () => {
    const journalBefore = (await world.stage.journal()).length;
    const createdBefore = (await createdNotifications(agent)).length;
    await world.stage.desk.callIn({ from: ANNA.reported, to: ADA });
    await waitForText(popup, 'Calling you');
    await world.stage.desk.lift(ADA);
    await waitForText(popup, 'In call');
    const during = await world.stage.lineUntil(ADA, 'a connected call', ({ calls }) =>
      calls.some(({ state }) => state === 'connected'),
    );
    await world.stage.relay.kill();
    await waitForText(popup, 'The relay is not reachable');
    await world.stage.relay.start();
    await eventually('the link to come back', extensions, (count) => count === 1, LINK_LIMIT_MS);
    await waitForText(popup, 'In call');
    const after = await world.stage.lineUntil(ADA, 'the call to go on', ({ calls }) =>
      calls.some(({ state }) => state === 'connected'),
    );
    const connected = (line: typeof after) => line.calls.find(({ state }) => state === 'connected')?.callId;
    expect(connected(after)).toBe(connected(during));
    await world.stage.desk.farHangsUp(ADA);
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    const entries = await eventually(
      'the entry to be closed',
      () => world.stage.journal(),
      (all) => all[0]?.outcome !== undefined,
    );
    expect(entries).toHaveLength(journalBefore + 1);
    expect(entries[0]).toMatchObject({ direction: 'inbound', outcome: 'answered', isEstimated: false });
    expect((await createdNotifications(agent)).length).toBe(createdBefore + 1);
  });

  test('a call that ended while the relay was down is in the journal as estimated, and the popup forgets it', async () => {
    await world.stage.desk.callIn({ from: PAUL.reported, to: ADA });
    await waitForText(popup, PAUL.name);
    await world.stage.desk.lift(ADA);
    await waitForText(popup, 'In call');
    await world.stage.relay.kill();
    await world.stage.desk.farHangsUp(ADA);
    await world.stage.relay.start();
    await eventually('the link to come back', extensions, (count) => count === 1, LINK_LIMIT_MS);
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    await waitForNoText(popup, 'In call');
    const [entry] = await eventually(
      'the entry to be closed',
      () => world.stage.journal(),
      (all) => all[0]?.endedAt !== undefined,
    );
    expect(entry).toMatchObject({ outcome: 'answered', isEstimated: true, cause: 'unknown' });
  });
});
