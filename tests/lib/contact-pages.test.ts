// How a contact's page is opened among the tabs that are there.
import { expect, test } from 'vitest';
import { openContactPage } from '#lib/contact-pages.ts';
import { createFakeBrowser } from '../fakes/browser.ts';

const ANNA = 'https://sample.zendesk.com/agent/users/77';

function browserWith(...urls: string[]) {
  const fake = createFakeBrowser();
  urls.forEach((url, index) => void fake.tabs.push({ id: index + 1, windowId: 1, url, lastAccessed: index }));
  return fake;
}

test('a contact that is open somewhere in its record stays as it is: somebody may be writing there', async () => {
  const { browser, opened } = browserWith(`${ANNA}/requested_tickets`, 'https://sample.zendesk.com/agent/dashboard');
  expect(await openContactPage(browser, ANNA)).toMatchObject({ tabId: 1, how: 'shown' });
  expect(opened).toEqual([
    { id: 1, active: true },
    { windowId: 1, focused: true },
  ]);
});

test('else it opens in the tab of its CRM that was used last, quietly where that is asked for', async () => {
  const { browser, opened } = browserWith('https://sample.zendesk.com/agent/users/78', 'https://mail.example/');
  expect(await openContactPage(browser, ANNA, 'quietly')).toMatchObject({ tabId: 1, how: 'moved' });
  expect(opened).toEqual([{ id: 1, url: ANNA, active: true }]);
});

test('else in a tab of its own, and what is no page of the web does not open', async () => {
  const { browser, opened } = browserWith('https://mail.example/');
  expect(await openContactPage(browser, 'javascript:alert(1)')).toBeUndefined();
  expect(await openContactPage(browser, ANNA)).toMatchObject({ how: 'made' });
  expect(opened).toEqual([{ url: ANNA }]);
});
