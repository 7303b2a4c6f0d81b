// Links that the browser hands over, as they stand behind our page's address.
import { describe, expect, test, vi } from 'vitest';
import type { Browser } from 'webextension-polyfill';
import type { AskedCall } from '#lib/asked-calls.ts';
import { createPhoneLinkDoor, leaveByItself, phoneLinkIn } from '#lib/phone-link-door.ts';

const PAGE = 'chrome-extension://own/phone-link.html';
const LINK = `${PAGE}?link=tel%3A%2B493023125042`;

describe('the link behind the address', () => {
  test.each([
    [LINK, 'tel:+493023125042'],
    [`${PAGE}?link=tel%3A%2B49%252030%252023125042`, 'tel:+49%2030%2023125042'],
    [`${PAGE}?link=callto:+493023125042`, 'callto:+493023125042'],
    [`${PAGE}?link=tel%3A1%3Bext%3D5%23x`, 'tel:1;ext=5#x'],
    [`${PAGE}?link=tel:100%`, 'tel:100%'],
    [`${PAGE}?other=1&link=tel:1`, 'tel:1'],
  ])('%s is %s', (url, link) => {
    expect(phoneLinkIn(url)).toBe(link);
  });

  test.each([PAGE, `${PAGE}?link=`, `${PAGE}?links=tel:1`])('%s has none', (url) => {
    expect(phoneLinkIn(url)).toBeUndefined();
  });
});

function setUp({ hasHistory = true, waiting = [] as { id: number; url: string }[], fails = false } = {}) {
  const done: string[] = [];
  const asked: Omit<AskedCall, 'id'>[] = [];
  const links: string[] = [];
  const tabs = {
    async goBack(id: number) {
      if (!hasHistory) throw new Error('Cannot find a next page in history.');
      done.push(`back ${id}`);
    },
    remove: async (id: number) => void done.push(`close ${id}`),
    query: async () => waiting,
  };
  const door = createPhoneLinkDoor({
    // The parts that are used.
    browser: { tabs, runtime: { getURL: (path: string) => `chrome-extension://own/${path}` } } as unknown as Browser,
    originOf: async () => 'outside',
    async ask(call) {
      if (fails) throw new Error('no window');
      done.push('ask');
      asked.push(call);
    },
    onLink: () => void links.push('link'),
  });
  return { door, done, asked, links };
}

const COMPLETE = { status: 'complete' };

describe('a tab that shows the door', () => {
  test('is given back to the page that was in it, after the card stands', async () => {
    const { door, done, asked, links } = setUp();
    await door.onUpdated(7, COMPLETE, { url: LINK });
    expect(done).toEqual(['ask', 'back 7']);
    expect(asked).toEqual([{ kind: 'link', text: 'tel:+493023125042', from: 'outside' }]);
    expect(links).toHaveLength(1);
  });

  test('goes when there was nothing in it before', async () => {
    const { door, done } = setUp({ hasHistory: false });
    await door.onUpdated(7, COMPLETE, { url: LINK });
    expect(done).toEqual(['ask', 'close 7']);
  });

  test('asks once while the browser tells of it twice', async () => {
    const { door, asked } = setUp();
    await Promise.all([door.onUpdated(7, COMPLETE, { url: LINK }), door.onUpdated(7, COMPLETE, { url: LINK })]);
    expect(asked).toHaveLength(1);
    await door.onUpdated(7, COMPLETE, { url: LINK });
    expect(asked).toHaveLength(2);
  });

  test('stays where no card could be shown, and can be tried again', async () => {
    const { door, done } = setUp({ fails: true });
    await expect(door.onUpdated(7, COMPLETE, { url: LINK })).rejects.toThrow('no window');
    expect(done).toEqual([]);
  });

  test.each([
    ['is still loading', { status: 'loading' }, LINK],
    ['has another page of ours', COMPLETE, 'chrome-extension://own/options.html?link=tel:1'],
    ['has somebody else’s page', COMPLETE, 'https://crm.example/phone-link.html?link=tel:1'],
    ['has a page that begins alike', COMPLETE, `${PAGE}x?link=tel:1`],
    ['has an address that is hidden', COMPLETE, undefined],
  ])('one that %s is left alone', async (_title, change, url) => {
    const { door, done } = setUp();
    await door.onUpdated(7, change, { url });
    expect(done).toEqual([]);
  });
});

test('links that came before anybody listened are found in their tabs', async () => {
  const { door, done, asked } = setUp({
    waiting: [
      { id: 3, url: LINK },
      { id: 4, url: PAGE },
    ],
  });
  await door.sweep();
  expect([done, asked.length]).toEqual([['ask', 'back 3'], 1]);
});

describe('where no worker gives the tab back', () => {
  test.each([
    ['the page that was in it comes back, and is never closed', 2, ['back']],
    ['it is closed where there was none', 1, ['close 7']],
  ])('%s', async (_title, length, expected) => {
    const done: string[] = [];
    const tabs = { getCurrent: async () => ({ id: 7 }), remove: async (id: number) => void done.push(`close ${id}`) };
    const history = { length, back: vi.fn(() => void done.push('back')) };
    // The parts that are used.
    await leaveByItself(history, tabs as unknown as Browser['tabs']);
    expect(done).toEqual(expected);
  });
});
