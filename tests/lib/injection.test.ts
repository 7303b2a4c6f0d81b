// Where gate and page script come in, and whose messages are believed.
import { describe, expect, test, vi } from 'vitest';
import { createInjection } from '#lib/injection.ts';
import type { Sender } from '#lib/messages.ts';
import { saveSettings } from '#lib/settings.ts';
import { createFakeBrowser } from '../fakes/browser.ts';

const CRM = 'https://crm.example';
const TAB = { id: 1, url: `${CRM}/contacts` };
const TOP: Sender = { origin: CRM, url: `${CRM}/contacts`, frameId: 0, documentId: 'document-1', tab: TAB };

function setUp({ origins = [`${CRM}/*`, 'https://mail.example/*'] } = {}) {
  const fake = createFakeBrowser({ origins });
  return { ...fake, injection: createInjection(fake.browser) };
}

// Whatever it is called.
function gateOf({ registered }: ReturnType<typeof setUp>['scripting']) {
  return [...registered.values()][0];
}

describe('a message is believed', () => {
  test.each<[string, Sender, boolean]>([
    ['from the page of an enabled site', TOP, true],
    ['from its frame of the same site', { ...TOP, frameId: 3, url: `${CRM}/frame` }, true],
    [
      'from a frame of another enabled site',
      { ...TOP, frameId: 3, origin: 'https://mail.example', url: 'https://mail.example/' },
      true,
    ],
    [
      'from a frame of a site that is not enabled',
      { ...TOP, frameId: 3, origin: 'https://ads.example', url: 'https://ads.example/' },
      false,
    ],
    [
      'from an enabled frame in a page that is not',
      { ...TOP, frameId: 3, tab: { id: 1, url: 'https://ads.example/' } },
      false,
    ],
    ['from srcdoc, whose origin is its creator’s', { ...TOP, frameId: 3, url: 'about:srcdoc' }, true],
    [
      'from srcdoc made by a site that is not enabled',
      { ...TOP, frameId: 3, origin: 'https://ads.example', url: 'about:srcdoc' },
      false,
    ],
    ['from a sandboxed frame of the site', { ...TOP, frameId: 3, origin: 'null', url: `${CRM}/frame` }, true],
    [
      'from a sandboxed frame of a site that is not enabled',
      { ...TOP, frameId: 3, origin: 'null', url: 'https://ads.example/' },
      false,
    ],
    ['from a sandboxed srcdoc or data: frame', { ...TOP, frameId: 3, origin: 'null', url: 'about:srcdoc' }, true],
    ['from a frame that was written', { ...TOP, frameId: 3, url: 'about:blank' }, true],
    ['from a frame whose origin nobody tells', { frameId: 3, url: 'https://ads.example/', tab: TAB }, false],
    [
      'from a document that its tab has left',
      { ...TOP, origin: 'https://ads.example', url: 'https://ads.example/' },
      false,
    ],
    ['from a tab whose address we may not see', { ...TOP, tab: { id: 1 } }, false],
    ['from no tab at all', { ...TOP, tab: undefined }, false],
    [
      'over http on a site enabled for https',
      { ...TOP, origin: 'http://crm.example', tab: { id: 1, url: 'http://crm.example/' } },
      false,
    ],
    ['from a browser page', { ...TOP, origin: 'chrome://settings', tab: { id: 1, url: 'chrome://settings' } }, false],
    ['from nobody', {}, false],
  ])('%s: %#', async (_title, sender, isAllowed) => {
    const { injection, scripting } = setUp();
    expect(await injection.isAllowed(sender)).toBe(isAllowed);
    expect(await injection.injectPage(sender)).toBe(isAllowed);
    expect(scripting.injected).toHaveLength(isAllowed ? 1 : 0);
  });

  test('not from a site that the agent paused, neither as page nor as frame', async () => {
    const { injection, storage } = setUp();
    await saveSettings(storage.local, { siteRules: { [CRM]: { state: 'paused' } } });
    expect(await injection.isAllowed(TOP)).toBe(false);
    const inMail = { ...TOP, frameId: 3, tab: { id: 1, url: 'https://mail.example/' } };
    expect(await injection.isAllowed(inMail)).toBe(false);
  });
});

describe('the page script', () => {
  test('goes into the very document that asked', async () => {
    const { injection, scripting } = setUp();
    await injection.injectPage(TOP);
    expect(scripting.injected).toEqual([{ target: { tabId: 1, documentIds: ['document-1'] }, files: ['/page.js'] }]);
  });

  test('where documents have no ids: into the frame', async () => {
    const { injection, scripting } = setUp();
    await injection.injectPage({ ...TOP, documentId: undefined, frameId: 4 });
    expect(scripting.injected).toMatchObject([{ target: { tabId: 1, frameIds: [4] } }]);
  });

  test('a document that has gone meanwhile is no failure', async () => {
    const { injection, scripting } = setUp();
    scripting.goneTabs.add(1);
    expect(await injection.injectPage(TOP)).toBe(false);
  });
});

describe('the gate', () => {
  test('is registered for what is enabled, in all frames, without what is paused', async () => {
    const { injection, storage, scripting } = setUp({ origins: ['*://*/*'] });
    await saveSettings(storage.local, { siteRules: { [CRM]: { state: 'paused' } } });
    await injection.update({ openTabs: 'leave' });
    expect([...scripting.registered.values()]).toEqual([
      {
        id: expect.any(String),
        js: ['/gate.js'],
        matches: ['*://*/*'],
        excludeMatches: [`${CRM}/*`],
        allFrames: true,
        matchOriginAsFallback: true,
        runAt: 'document_start',
        persistAcrossSessions: true,
      },
    ]);
  });

  test('follows the permissions, however often it is updated', async () => {
    const { injection, origins, scripting } = setUp();
    await injection.update({ openTabs: 'leave' });
    await injection.update({ openTabs: 'leave' });
    expect(gateOf(scripting)?.matches).toEqual([`${CRM}/*`, 'https://mail.example/*']);
    origins.pop();
    await injection.update({ openTabs: 'leave' });
    expect(gateOf(scripting)?.matches).toEqual([`${CRM}/*`]);
    origins.pop();
    await injection.update({ openTabs: 'leave' });
    await injection.update({ openTabs: 'leave' });
    expect(scripting.registered.size).toBe(0);
  });

  test('a page that loads while it is changed gets the old one or the new one, never none', async () => {
    const { injection, origins, browser, scripting } = setUp();
    await injection.update({ openTabs: 'leave' });
    origins.pop();
    const counts: number[] = [];
    const { registerContentScripts, unregisterContentScripts } = browser.scripting;
    browser.scripting.registerContentScripts = async (scripts) => {
      counts.push(scripting.registered.size);
      await registerContentScripts(scripts);
      counts.push(scripting.registered.size);
    };
    browser.scripting.unregisterContentScripts = async (filter) => {
      await unregisterContentScripts(filter);
      counts.push(scripting.registered.size);
    };
    await injection.update({ openTabs: 'leave' });
    expect(counts).toEqual([1, 2, 1]);
    expect(gateOf(scripting)?.matches).toEqual([`${CRM}/*`]);
  });

  test('what a worker left that died in the middle of a change is put in order', async () => {
    const { injection, origins, browser, scripting } = setUp();
    await injection.update({ openTabs: 'leave' });
    const { unregisterContentScripts } = browser.scripting;
    browser.scripting.unregisterContentScripts = () => new Promise(() => undefined);
    void injection.update({ openTabs: 'leave' });
    await vi.waitFor(() => expect(scripting.registered.size).toBe(2));
    browser.scripting.unregisterContentScripts = unregisterContentScripts;
    origins.pop();
    await createInjection(browser).update({ openTabs: 'leave' });
    expect(scripting.registered.size).toBe(1);
    expect(gateOf(scripting)?.matches).toEqual([`${CRM}/*`]);
  });

  test('two updates at once do not run into each other, and the newest permissions win', async () => {
    const { injection, origins, scripting } = setUp();
    const updates = [injection.update({ openTabs: 'leave' }), injection.update({ openTabs: 'inject' })];
    origins.push('https://third.example/*');
    updates.push(injection.update({ openTabs: 'leave' }));
    await Promise.all(updates);
    expect(gateOf(scripting)?.matches).toContain('https://third.example/*');
  });

  test('an update that fails does not stop the next one', async () => {
    const { injection, browser, scripting } = setUp();
    const { registerContentScripts } = browser.scripting;
    browser.scripting.registerContentScripts = () => Promise.reject(new Error('no permission'));
    await expect(injection.update({ openTabs: 'leave' })).rejects.toThrow('no permission');
    browser.scripting.registerContentScripts = registerContentScripts;
    await injection.update({ openTabs: 'leave' });
    expect(scripting.registered.size).toBe(1);
  });

  test('goes into open tabs of enabled sites alone, and a tab that has gone does not stop it', async () => {
    const { injection, tabs, scripting } = setUp();
    tabs.push({ id: 1, url: `${CRM}/` }, { id: 2, url: 'https://ads.example/' }, { id: 3 }, { id: 4, url: `${CRM}/b` });
    scripting.goneTabs.add(1);
    await injection.update({ openTabs: 'inject' });
    expect(scripting.injected).toEqual([{ target: { tabId: 4, allFrames: true }, files: ['/gate.js'] }]);
  });
});

test('sites without access are those that the browser does not let us into and that nobody paused', async () => {
  const { browser, injection } = setUp();
  await saveSettings(browser.storage.local, { siteRules: { 'https://*.paused.example': { state: 'paused' } } });
  const asked = [CRM, 'https://crm-frame.example', 'https://a.paused.example', 'https://mail.example'];
  expect(await injection.withoutAccess(asked)).toEqual(['https://crm-frame.example']);
});
