// Messages between pages, views and worker, over an in-memory pair.
import { describe, expect, test } from 'vitest';
import { EMPTY_JOURNAL, type JournalState } from '#lib/journal.ts';
import {
  answerRequests,
  connectViewTo,
  type Desk,
  type Handlers,
  type PageRequests,
  type RequestName,
  type Sender,
  serveViews,
} from '#lib/messages.ts';
import { emptyPhone, type PhoneState } from '#lib/phone.ts';
import { aLine, aState } from '../components/builders.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createFakeMessaging, OWN_ID, OWN_ORIGIN, OWN_PAGE } from '../fakes/messaging.ts';

const NAMES: Record<RequestName, 'page' | 'view'> = {
  'gate-found': 'page',
  'page-settings': 'page',
  'number-outlook': 'page',
  dial: 'page',
  'number-facts': 'page',
  'site-wish': 'page',
  'selection-reasons': 'view',
  'assign-contact': 'view',
  history: 'view',
  facts: 'view',
  'get-state': 'view',
  command: 'view',
  preview: 'view',
  pair: 'view',
  unpair: 'view',
  'open-contact': 'view',
  'open-entry-form': 'view',
  'site-changed': 'view',
  search: 'view',
  lookup: 'view',
  'journal-page': 'view',
  note: 'view',
  'call-back': 'view',
  'see-journal': 'view',
  'page-numbers': 'view',
  'page-frames': 'view',
  'sample-call': 'view',
  'mute-ring': 'view',
  'undo-open': 'view',
  'asked-calls': 'view',
  'sign-in-offer': 'view',
  'sign-in': 'view',
};
const REQUESTS = Object.entries(NAMES).map(([name, from]) => ({ name, from }));
const CONTENT_SCRIPT: Sender = {
  id: OWN_ID,
  origin: 'https://crm.example',
  url: 'https://crm.example/contacts',
  frameId: 0,
  documentId: 'document-1',
  tab: { id: 1, url: 'https://crm.example/contacts' },
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

function setUp() {
  const messaging = createFakeMessaging();
  const calls: { name: string; request: unknown; sender: Sender }[] = [];
  const self = { ownId: OWN_ID, ownOrigin: OWN_ORIGIN };
  const handlers = Object.fromEntries(
    Object.keys(NAMES).map((name) => [
      name,
      async (request: unknown, sender: Sender) => {
        calls.push({ name, request, sender });
        return { name };
      },
    ]),
  ) as unknown as Handlers; // answers with its name whatever is asked: only who may ask is looked at here
  let state: PhoneState = emptyPhone('DE');
  function startWorker() {
    answerRequests({ ...self, onMessage: messaging.onMessage }, handlers);
    return serveViews({
      ...self,
      onConnect: messaging.onConnect,
      current: async () => ({ phone: state, journal: EMPTY_JOURNAL }),
    });
  }
  let views = startWorker();
  return {
    messaging,
    calls,
    publish: (phone: PhoneState) => views.publish({ phone }),
    publishJournal: (journal: JournalState) => views.publish({ journal }),
    publishOpened: (opened: Desk['opened']) => views.publish({ opened }),
    areViewsOpen: () => views.areOpen(),
    startWorker() {
      views = startWorker();
    },
    setState(next: PhoneState) {
      state = next;
    },
  };
}

describe('who may ask what', () => {
  test.each(REQUESTS)('our own pages: $name is answered', async ({ name }) => {
    const { messaging, calls } = setUp();
    expect(await messaging.send({ name, request: { a: 1 } }, OWN_PAGE)).toEqual({ name });
    expect(calls).toEqual([{ name, request: { a: 1 }, sender: OWN_PAGE }]);
  });

  test.each(REQUESTS)('a content script: $name is for a $from', ({ name, from }) => {
    const { messaging, calls } = setUp();
    const answer = messaging.send({ name, request: {} }, CONTENT_SCRIPT);
    expect([answer !== undefined, calls.length]).toEqual(from === 'page' ? [true, 1] : [false, 0]);
  });

  test.each<[string, Sender]>([
    ['another extension', { ...OWN_PAGE, id: 'somebody-else' }],
    ['nobody', {}],
    ['a page that says it is ours, against the browser’s word', { ...CONTENT_SCRIPT, url: OWN_PAGE.url }],
    ['a page whose address begins like ours', { id: OWN_ID, url: `${OWN_ORIGIN}.evil.example/` }],
    ['a sandboxed frame', { ...CONTENT_SCRIPT, origin: 'null', url: OWN_PAGE.url }],
  ])('%s gets no answer to a view’s request', (_title, sender) => {
    const { messaging, calls } = setUp();
    expect(messaging.send({ name: 'get-state', request: {} }, sender)).toBeUndefined();
    expect(calls).toEqual([]);
  });

  test('another extension may not even ask what pages may', () => {
    const { messaging } = setUp();
    expect(messaging.send({ name: 'dial', request: {} }, { ...CONTENT_SCRIPT, id: 'somebody-else' })).toBeUndefined();
  });

  test.each([
    null,
    'dial',
    42,
    [],
    {},
    { name: 'dial' },
    { name: 'toString', request: {} },
    { name: '__proto__', request: {} },
    { name: ['dial'], request: {} },
    { name: 'from-the-future', request: {} },
  ])('%j is no request', (message) => {
    const { messaging, calls } = setUp();
    expect(messaging.send(message, OWN_PAGE)).toBeUndefined();
    expect(calls).toEqual([]);
  });

  test('pages have exactly the few requests that the types give them', () => {
    const names = REQUESTS.filter(({ from }) => from === 'page').map(({ name }) => name);
    const expected = ['gate-found', 'page-settings', 'number-outlook', 'dial', 'number-facts', 'site-wish'] as const;
    expect(names).toEqual([...expected] satisfies (keyof PageRequests)[]);
  });
});

describe('a view', () => {
  function view(parts: ReturnType<typeof setUp>) {
    const clock = createFakeClock();
    const desks: Desk[] = [];
    const connection = connectViewTo(parts.messaging.viewRuntime(), (desk) => desks.push(desk), clock.after);
    const lineCounts = () => desks.map(({ phone }) => phone.lines.length);
    return { clock, desks, lineCounts, ...connection };
  }

  test('gets the present state, then every other', async () => {
    const parts = setUp();
    const { lineCounts } = view(parts);
    await settled();
    parts.publish(aState([aLine()]));
    expect(lineCounts()).toEqual([0, 1]);
  });

  test('is sent what changed alone, and shows it beside the rest', async () => {
    const parts = setUp();
    const { desks } = view(parts);
    await settled();
    parts.publish(aState([aLine()]));
    parts.publishJournal({ ...EMPTY_JOURNAL, isLoaded: true });
    expect(desks.at(-1)).toMatchObject({ phone: { lines: [{}] }, journal: { isLoaded: true } });
  });

  test('hears that a contact cannot be taken back any more', async () => {
    const parts = setUp();
    const { desks } = view(parts);
    await settled();
    parts.publishOpened({ callId: 'call-1' });
    parts.publishOpened(null);
    expect(desks.map(({ opened }) => opened)).toEqual([undefined, { callId: 'call-1' }, null]);
  });

  test('sends requests and resolves with their answers', async () => {
    const { send } = view(setUp());
    expect(await send('unpair', {})).toEqual({ name: 'unpair' });
  });

  test('comes back when the worker was stopped', async () => {
    const parts = setUp();
    const { clock, lineCounts } = view(parts);
    await settled();
    parts.messaging.killWorker();
    parts.setState(aState([aLine()]));
    parts.startWorker();
    clock.advance(0);
    await settled();
    parts.publish(aState([]));
    expect(lineCounts()).toEqual([0, 1, 0]);
  });

  test('shows no older calls than it has seen while a new worker comes up', async () => {
    const parts = setUp();
    const { clock, desks } = view(parts);
    const user = { userId: 'ada', name: 'Ada' };
    const cursor = { epoch: 'e', rev: 7, aclRev: 1 };
    const connecting = { type: 'connecting' } as const;
    await settled();
    parts.publish({ ...aState([aLine({ lineId: 'now' })]), user, cursor });
    parts.messaging.killWorker();
    parts.setState({ ...aState([aLine({ lineId: 'before' })]), user, cursor: { ...cursor, rev: 6 }, link: connecting });
    parts.startWorker();
    clock.advance(0);
    await settled();
    const shown = () => desks.at(-1)?.phone;
    expect(shown()?.lines.map(({ line }) => line.lineId)).toEqual(['now']);
    expect(shown()?.link).toEqual(connecting);
    parts.publish({ ...aState([]), user, cursor: { ...cursor, rev: 8 }, link: connecting });
    expect(shown()?.lines).toEqual([]);
    parts.publish({ ...aState([]), user: undefined, link: { type: 'unpaired' } });
    expect(shown()?.user).toBeUndefined();
  });

  test.each(['throws', 'disconnects'] as const)('connecting that %s at once is not tried in a loop', async (how) => {
    const parts = setUp();
    const { clock } = view(parts);
    await settled();
    parts.messaging.refuse(how);
    parts.messaging.killWorker();
    const before = parts.messaging.connects();
    for (let second = 0; second < 60; second += 1) {
      clock.advance(1_000);
      await settled();
    }
    const tries = parts.messaging.connects() - before;
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(20);
  });

  test('is told nothing more once it is closed', async () => {
    const parts = setUp();
    const { clock, desks, close } = view(parts);
    await settled();
    close();
    close();
    parts.publish(aState([aLine()]));
    parts.messaging.killWorker();
    clock.advance(60_000);
    expect([desks.length, parts.messaging.connects(), clock.pending()]).toEqual([1, 1, 0]);
  });

  test('closed before its worker came back does not connect again', async () => {
    const parts = setUp();
    const { clock, close } = view(parts);
    parts.messaging.killWorker();
    close();
    clock.advance(60_000);
    expect(parts.messaging.connects()).toBe(1);
  });
});

describe('ports', () => {
  test('a content script that opens a view’s port hears nothing and is disconnected', async () => {
    const { messaging, publish } = setUp();
    const port = messaging.connect('view', CONTENT_SCRIPT);
    const heard: unknown[] = [];
    port.onMessage.addListener((message) => void heard.push(message));
    await settled();
    publish(aState([aLine()]));
    expect(heard).toEqual([]);
    expect(() => port.postMessage({})).toThrow('disconnected');
  });

  test('a port that went without a word does not keep the others from hearing', () => {
    const { messaging, publish } = setUp();
    const heard: unknown[] = [];
    messaging.connect('view', OWN_PAGE).vanish();
    messaging.connect('view', OWN_PAGE).onMessage.addListener((message) => void heard.push(message));
    publish(aState([]));
    expect(heard).toHaveLength(1);
  });
});
