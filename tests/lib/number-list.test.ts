// The key that opens the list of the page's numbers.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Browser } from 'webextension-polyfill';
import { openNumberList, wasOpenedForNumbers } from '#lib/number-list.ts';
import { createFakeStorage } from '../fakes/storage.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

function aBrowser(openPopup = async () => undefined): Browser {
  return { storage: { session: createFakeStorage() }, action: { openPopup } } as unknown as Browser; // the parts that are used
}

test('the popup that it opens knows what for, once', async () => {
  const browser = aBrowser();
  expect(await wasOpenedForNumbers(browser)).toBe(false);
  expect(await openNumberList(browser)).toBe(true);
  expect(await wasOpenedForNumbers(browser)).toBe(true);
  expect(await wasOpenedForNumbers(browser)).toBe(false);
});

test('a popup that is opened by hand later on is an ordinary one', async () => {
  const browser = aBrowser();
  await openNumberList(browser);
  vi.advanceTimersByTime(6_000);
  expect(await wasOpenedForNumbers(browser)).toBe(false);
});

test('a browser that opens no popup is told from one that does', async () => {
  expect(await openNumberList(aBrowser(() => Promise.reject(new Error('no window'))))).toBe(false);
});
