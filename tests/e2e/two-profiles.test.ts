// Story: an agent with two profiles, or two computers. The phone rings in one of them, is taken over by the other when the
// first one goes, and what was done with the call in one is done in both.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import {
  ADA,
  ANNA,
  closeCallerWindows,
  createdNotifications,
  eventually,
  openWorld,
  seenOf,
  type World,
} from './world.ts';

describe('two profiles of one agent', () => {
  let world: World;
  let agents: readonly Agent[];

  beforeAll(async () => {
    world = await openWorld();
    agents = [await world.agent('ada'), await world.agent('ada')];
  });
  afterAll(() => world.close());
  afterEach(async () => {
    const { desk, lineUntil } = world.stage;
    while ((await desk.farHangsUp(ADA)) || (await desk.hangUp(ADA)));
    await lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    await Promise.all(agents.map(closeCallerWindows));
    await gone();
  });

  const ring = () => world.stage.desk.callIn({ from: ANNA.reported, to: ADA });
  const popUps = async () => {
    const all = await Promise.all(agents.map((agent) => agent.notifications()));
    return all.map((ids) => ids.filter((id) => id.startsWith('call:')).length);
  };
  const windows = () => agents.map((agent) => agent.callerWindowCount());
  const gone = () =>
    eventually(
      'no pop-up anywhere',
      async () => [...(await popUps()), ...windows()],
      (counts) => counts.every((count) => count === 0),
    );
  const created = async () => (await Promise.all(agents.map(createdNotifications))).flat();

  /** Waits until one of them announces the call, with both of its pop-ups; answers it, and the notification's id. */
  async function speaker(): Promise<{ agent: Agent; id: string }> {
    const [, which] = await eventually(
      'a notification and a window',
      async () => [await popUps(), windows()] as const,
      (counts) => counts.every((count) => count.toSorted().join() === '0,1') && counts[0].join() === counts[1].join(),
    );
    const agent = agents[which.indexOf(1)];
    if (!agent) throw new Error('nobody announces it');
    const [id = ''] = await agent.notifications();
    return { agent, id };
  }

  test('one of them announces a call, and nothing is left when the handset is lifted', async () => {
    const before = new Set(await created());
    await ring();
    const { agent, id } = await speaker();
    await world.stage.desk.lift(ADA);
    await eventually('no notification', popUps, (counts) => counts.every((count) => count === 0));
    expect((await created()).filter((one) => !before.has(one))).toEqual([id]);
    await seenOf(world, { id, action: 'shown', times: 1 });
    // It stays for the note.
    expect(agent.callerWindowCount()).toBe(1);
  });

  test('a notification that is closed takes the window along, and the relay tells it the other one', async () => {
    await ring();
    const { agent, id } = await speaker();
    await agent.inWorker(`chrome.notifications.clear(${JSON.stringify(id)})`);
    await agent.inWorker(`chrome.notifications.onClosed.dispatch(${JSON.stringify(id)}, true)`);
    await gone();
    await seenOf(world, { id, action: 'dismissed', times: 1 });
  });

  test('a window that is closed takes the notification along, everywhere', async () => {
    await ring();
    const { agent, id } = await speaker();
    await (await agent.callerWindow()).close();
    await gone();
    await seenOf(world, { id, action: 'dismissed', times: 1 });
  });

  test('when the browser of one goes while it rings, the other one takes over', async () => {
    await ring();
    const { agent } = await speaker();
    agents = agents.filter((one) => one !== agent);
    await agent.browser.close();
    await eventually('the other one to ring', popUps, ([count]) => count === 1);
    // As it was, for whichever test comes next.
    agents = [...agents, await world.agent('ada')];
  });
});
