// The entries in the menu of the right button.
import { describe, expect, test } from 'vitest';
import type { AskedCall } from '#lib/asked-calls.ts';
import { type CallMenuOptions, createCallMenu } from '#lib/call-menu.ts';
import { tOf } from '../components/test-words.ts';

function setUp({ shows = false, entries = new Map<string, object>() } = {}) {
  const asked: Omit<AskedCall, 'id'>[] = [];
  const shown: [number, number][] = [];
  const menus = {
    removeAll: async () => entries.clear(),
    create: ({ id, ...entry }: { id: string }) => void entries.set(id, entry),
    update: async (id: string, change: object) => void entries.set(id, { ...entries.get(id), ...change }),
  };
  const menu = createCallMenu({
    menus: menus as unknown as CallMenuOptions['menus'], // the parts that are used
    t: tOf('en'),
    ask: async (call) => void asked.push(call),
    async showSelection(...where) {
      shown.push(where);
      return shows;
    },
  });
  return { menu, entries, asked, shown };
}

test('there is an entry for selections, with what is selected in its words, and one for phone links', async () => {
  const { menu, entries } = setUp();
  await menu.install();
  await menu.install();
  expect(Object.fromEntries(entries)).toEqual({
    'call-selection': { title: 'Call “%s”', contexts: ['selection'] },
    'call-link': {
      title: 'Call this number',
      contexts: ['link'],
      targetUrlPatterns: ['tel:*', 'callto:*', 'sip:*', 'sips:*'],
    },
  });
});

describe('a selection', () => {
  const click = {
    menuItemId: 'call-selection',
    selectionText: '030 23125042',
    pageUrl: 'https://mail.example/inbox?id=7',
    frameId: 4,
  };

  test('is asked about on a card, which names the site and nothing else of the address', async () => {
    const { menu, asked } = setUp();
    await menu.onClicked(click, { id: 9 });
    expect(asked).toEqual([{ kind: 'text', text: '030 23125042', from: 'menu', site: 'https://mail.example' }]);
  });

  test('in a frame belongs to the frame’s site', async () => {
    const { menu, asked } = setUp();
    await menu.onClicked({ ...click, frameUrl: 'https://frame.example/x' }, { id: 9 });
    expect(asked[0]).toMatchObject({ site: 'https://frame.example' });
  });

  test('is left to the button beside it where the page script shows one, in that very frame', async () => {
    const { menu, asked, shown } = setUp({ shows: true });
    await menu.onClicked(click, { id: 9 });
    expect([asked, shown]).toEqual([[], [[9, 4]]]);
  });
});

test('a phone link is asked about with its address', async () => {
  const { menu, asked, shown } = setUp({ shows: true });
  await menu.onClicked({ menuItemId: 'call-link', linkUrl: 'tel:030-23125042', pageUrl: 'about:blank' }, { id: 9 });
  expect(asked).toEqual([{ kind: 'link', text: 'tel:030-23125042', from: 'menu', site: undefined }]);
  expect(shown).toEqual([]);
});

test('somebody else’s entry does nothing', async () => {
  const { menu, asked } = setUp();
  await menu.onClicked({ menuItemId: 'other' }, { id: 9 });
  expect(asked).toEqual([]);
});

describe('before the menu is shown', () => {
  test('the entry goes for a selection without digits, and comes back for one with some', async () => {
    const { menu, entries } = setUp();
    await menu.install();
    expect(await menu.onShown({ selectionText: 'Dear all' })).toBe(true);
    expect(entries.get('call-selection')).toMatchObject({ visible: false });
    expect(await menu.onShown({ selectionText: 'more words' })).toBe(false);
    expect(await menu.onShown({ selectionText: '٠٣٠ 231' })).toBe(true);
    expect(entries.get('call-selection')).toMatchObject({ visible: true });
  });

  test('it comes back where the browser does not tell what is selected, also after the worker died', async () => {
    const { menu, entries } = setUp();
    await menu.install();
    expect(await menu.onShown({})).toBe(false);
    await menu.onShown({ selectionText: 'Dear all' });
    const next = setUp({ entries });
    expect(await next.menu.onShown({})).toBe(true);
    expect(entries.get('call-selection')).toMatchObject({ visible: true });
  });
});
