// Story: a colleague without grants never receives a frame about other lines; looked at on the wire itself.
import type { CDPSession } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import { ADA, ANNA, BEN, eventually, openWorld, PAUL, type World, waitForText } from './world.ts';

describe('access', () => {
  let world: World;
  let ben: Agent;
  let frames: string[];

  beforeAll(async () => {
    world = await openWorld();
    ben = await world.agent('ben');
    frames = [];
    // The link is opened anew under the debugger, so that not even the first snapshot escapes it.
    const session = await wire(ben, frames);
    await ben.inWorker('chrome.runtime.getPlatformInfo()');
    await world.stage.relay.kill();
    await world.stage.relay.start();
    await eventually(
      'a snapshot on the wire',
      () => frames,
      (all) => all.some((one) => one.includes('"snapshot"')),
      45_000,
    );
    expect(session).toBeDefined();
  });
  afterAll(() => world.close());

  test('an agent receives the own line, and nothing of what happens on lines that were not granted', async () => {
    const popup = await ben.openView('popup.html');
    await waitForText(popup, 'Line 11');
    await world.stage.desk.callIn({ from: ANNA.reported, to: ADA });
    await world.stage.desk.lift(ADA);
    await world.stage.lineUntil(ADA, 'a connected call', ({ calls }) =>
      calls.some(({ state }) => state === 'connected'),
    );
    await world.stage.desk.farHangsUp(ADA);
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    // The own call comes after all that: when it is here, everything before it would be, too.
    await world.stage.desk.callIn({ from: PAUL.reported, to: BEN });
    await waitForText(popup, PAUL.name);
    const lines = await world.stage.cli('lines');
    const ofOthers = (lines as { lineId: string; extension: string; name: string }[]).filter(
      ({ extension }) => extension !== BEN,
    );
    expect(ofOthers).toHaveLength(11);
    // The debugger may hear of a frame a moment after the view has drawn it.
    const wireText = await eventually(
      'the own call on the wire',
      () => frames.join('\n'),
      (text) => text.includes(PAUL.name),
    );
    expect(wireText).not.toContain(ANNA.name);
    expect(wireText).not.toContain(ANNA.e164);
    for (const { lineId, name } of ofOthers) {
      expect(wireText).not.toContain(lineId);
      expect(wireText).not.toContain(name);
    }
  });
});

async function wire(agent: Agent, frames: string[]): Promise<CDPSession> {
  const session = await agent.watchWorker();
  await session.send('Network.enable');
  session.on('Network.webSocketFrameReceived', ({ response }) => frames.push(response.payloadData));
  return session;
}
