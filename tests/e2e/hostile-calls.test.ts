// Story: pages that want a call which nobody made, against the extension as users get it. The phone system tells what was
// called.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CALL_ATTACKS } from '../fixtures/hostile/call-attacks.ts';
import { openHostileGround } from './hostile-driver.ts';
import type { HostileGround } from './hostile-ground.ts';
import { expectToHold, pagesToTry } from './hostile-rules.ts';

describe('a page that wants a call gets none but the person’s', () => {
  let ground: HostileGround;
  beforeAll(async () => {
    ground = await openHostileGround(100);
  });
  // Also what came late.
  afterAll(async () => {
    expect(await ground.unaccounted()).toEqual([]);
    await ground.close();
  });

  test.each(pagesToTry(CALL_ATTACKS, 3))('$name', async (page) => {
    expectToHold(page, await ground.visit(page));
  });
});
