// Story: pages that want to know what is not theirs, or want the extension to fail, against the extension as users get it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CALL_ATTACKS } from '../fixtures/hostile/call-attacks.ts';
import { PAGE_ATTACKS } from '../fixtures/hostile/page-attacks.ts';
import { openHostileGround } from './hostile-driver.ts';
import type { HostileGround } from './hostile-ground.ts';
import { expectToHold, mixedPages, pagesToTry } from './hostile-rules.ts';

const SEED = 2_026;

describe('a page that works against the extension neither stops it nor learns from it', () => {
  let ground: HostileGround;
  beforeAll(async () => {
    ground = await openHostileGround(300);
  });
  afterAll(async () => {
    expect(await ground.unaccounted()).toEqual([]);
    await ground.close();
  });

  test.each(pagesToTry(PAGE_ATTACKS, -2))('$name', async (page) => {
    expectToHold(page, await ground.visit(page));
  });

  test.each(
    mixedPages(
      [...CALL_ATTACKS, ...PAGE_ATTACKS].filter(({ isPart }) => isPart),
      SEED,
    ),
  )('$name', async (page) => {
    expectToHold(page, await ground.visit(page));
  });
});
