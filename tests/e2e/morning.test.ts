// Story: the browser is started in the morning. Nobody opens or clicks anything of Offhook's, the phone rings, and who calls
// is on the screen.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  ADA,
  ANNA,
  createdNotifications,
  eventually,
  LINK_LIMIT_MS,
  openWorld,
  REMOVAL,
  signedIn,
  type World,
  waitForText,
} from './world.ts';

let world: World;
let profileDir: string;

beforeAll(async () => {
  profileDir = mkdtempSync(join(tmpdir(), 'offhook-morning-'));
  world = await openWorld();
});
afterAll(async () => {
  await world?.close();
  rmSync(profileDir, REMOVAL);
});

const extensions = () => signedIn(world.stage);

test('is ready without a click: the first call of the day comes up, once', async () => {
  const evening = await world.newcomer({ profileDir });
  await evening.pair(await world.stage.pairingLink('ada'));
  await eventually('a signed-in extension', extensions, (count) => count === 1);
  await evening.close();
  await eventually('nobody signed in', extensions, (count) => count === 0);

  const morning = await world.newcomer({ profileDir });
  await eventually('a signed-in extension again', extensions, (count) => count === 1, LINK_LIMIT_MS);
  await world.stage.desk.callIn({ from: ANNA.reported, to: ADA });
  const standing = await eventually(
    'a notification',
    () => morning.notifications(),
    (ids) => ids.length === 1,
  );
  expect(await createdNotifications(morning)).toEqual(standing);
  await waitForText(await morning.callerWindow(), ANNA.name);
});
