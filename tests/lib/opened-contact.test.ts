// The way back from a contact that was opened by itself.
import { expect, test } from 'vitest';
import { createOpenedContact } from '#lib/opened-contact.ts';
import { createFakeClock } from '../fakes/clock.ts';

const URL_OF_ANNA = 'https://crm.example/contacts/c001';
const LIST = 'https://crm.example/contacts';

interface FakeTab {
  id: number;
  /** Undefined where the extension may not see it. */
  url?: string | undefined;
  pendingUrl?: string;
  windowId: number;
  active: boolean;
}

function setUp(tabs: FakeTab[], { canBeScripted = true } = {}) {
  const done: string[] = [];
  const tabOf = (id: number) => tabs.find((tab) => tab.id === id);
  const activate = (tab: FakeTab) => {
    for (const one of tabs) if (one.windowId === tab.windowId) one.active = one.id === tab.id;
  };
  // Of the browser only what is used here.
  const browser = {
    tabs: {
      query: async () => tabs.map((tab) => ({ ...tab })),
      async get(id: number) {
        const tab = tabOf(id);
        if (!tab) throw new Error('no such tab');
        return tab;
      },
      async create({ url }: { url: string }) {
        const tab = { id: 99, url, windowId: 1, active: true };
        tabs.push(tab);
        activate(tab);
        return tab;
      },
      async update(id: number, change: { url?: string; active?: boolean }) {
        const tab = tabOf(id);
        if (!tab) throw new Error('no such tab');
        Object.assign(tab, change);
        if (change.active) activate(tab);
        done.push(`update ${id} ${JSON.stringify(change)}`);
      },
      remove: async (id: number) => void done.push(`remove ${id}`),
    },
    scripting: {
      async executeScript({ target: { tabId } }: { target: { tabId: number } }) {
        if (!canBeScripted) throw new Error('Cannot access contents of the page.');
        done.push(`back ${tabId}`);
      },
    },
    windows: { update: async () => undefined },
  } as unknown as Parameters<typeof createOpenedContact>[0]['browser'];
  const clock = createFakeClock();
  return { opened: createOpenedContact({ browser, clock }), done, clock, tabs };
}

const mail = { id: 1, url: 'https://mail.example/', windowId: 1, active: true };
const crm = { id: 2, url: LIST, windowId: 1, active: false };

test('a tab that was moved goes back, and the one that was in front comes back', async () => {
  const { opened, done, tabs } = setUp([{ ...mail }, { ...crm }]);
  await opened.open('call-1', URL_OF_ANNA);
  expect([opened.state(), tabs[1]?.url]).toEqual([{ callId: 'call-1' }, URL_OF_ANNA]);
  expect(await opened.undo()).toBe(true);
  expect(done.slice(1)).toEqual(['back 2', 'update 1 {"active":true}']);
  expect(opened.state()).toBeUndefined();
});

test('a tab that was made goes away; one that showed the contact already stays as it is', async () => {
  const made = setUp([{ ...mail }]);
  await made.opened.open('call-1', URL_OF_ANNA);
  await made.opened.undo();
  expect(made.done).toEqual(['remove 99', 'update 1 {"active":true}']);
  const shown = setUp([{ ...mail }, { ...crm, url: URL_OF_ANNA }]);
  await shown.opened.open('call-1', URL_OF_ANNA);
  await shown.opened.undo();
  expect(shown.done).toEqual(['update 2 {"active":true}', 'update 1 {"active":true}']);
});

test('where the agent went on nothing is changed', async () => {
  const { opened, done, tabs } = setUp([{ ...mail }, { ...crm }]);
  await opened.open('call-1', URL_OF_ANNA);
  const [, tab] = tabs;
  if (tab) tab.url = 'https://crm.example/deals/d7';
  expect(await opened.undo()).toBe(false);
  expect(done).toHaveLength(1);
});

test('while the contact’s page is still on its way the tab keeps the page that it has', async () => {
  const { opened, done, tabs } = setUp([{ ...mail }, { ...crm }]);
  await opened.open('call-1', URL_OF_ANNA);
  Object.assign(tabs[1] ?? {}, { url: LIST, pendingUrl: URL_OF_ANNA });
  expect(await opened.undo()).toBe(true);
  expect(done.slice(1)).toEqual([`update 2 {"url":"${LIST}"}`, 'update 1 {"active":true}']);
});

test.each<[string, Partial<FakeTab>]>([
  ['has not begun to load', { url: '', pendingUrl: URL_OF_ANNA }],
  ['has not begun to load in Firefox', { url: 'about:blank' }],
  ['shows a site that may not be looked at', { url: undefined }],
])('a tab that was made and %s goes away', async (_what, now) => {
  const { opened, done, tabs } = setUp([{ ...mail }]);
  await opened.open('call-1', URL_OF_ANNA);
  Object.assign(tabs[1] ?? {}, now);
  expect(await opened.undo()).toBe(true);
  expect(done).toEqual(['remove 99', 'update 1 {"active":true}']);
});

test('a tab that lets nobody in gets the address back that it had; one that is gone is left alone', async () => {
  const { opened, done, tabs } = setUp([{ ...mail }, { ...crm }], { canBeScripted: false });
  await opened.open('call-1', URL_OF_ANNA);
  expect(await opened.undo()).toBe(true);
  expect(done.slice(1)).toEqual([`update 2 {"url":"${LIST}"}`, 'update 1 {"active":true}']);
  await opened.open('call-2', URL_OF_ANNA);
  tabs.splice(1);
  expect(await opened.undo()).toBe(false);
});

test('after a minute there is nothing to take back, and what cannot be opened is not said to be', async () => {
  const { opened, clock } = setUp([{ ...mail }, { ...crm }]);
  expect(await opened.open('call-1', 'javascript:alert(1)')).toBe(false);
  expect(opened.state()).toBeUndefined();
  await opened.open('call-1', URL_OF_ANNA);
  clock.advance(60_000);
  expect([opened.state(), await opened.undo()]).toEqual([undefined, false]);
});
