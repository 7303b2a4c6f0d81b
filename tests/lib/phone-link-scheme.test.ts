// How the browser is asked for phone links, and what is remembered of those that came.
import { describe, expect, test } from 'vitest';
import { askForPhoneLinks, lastPhoneLink, rememberPhoneLink } from '#lib/phone-link-scheme.ts';
import { createFakeStorage } from '../fakes/storage.ts';

const urlOf = (path: string) => `chrome-extension://own/${path}`;

describe('asking the browser', () => {
  test('registers our page for both schemes', () => {
    const registered: string[][] = [];
    const answer = askForPhoneLinks({ registerProtocolHandler: (...one) => void registered.push(one) }, urlOf);
    expect([answer, registered]).toEqual([
      'asked',
      [
        ['tel', 'chrome-extension://own/phone-link.html?link=%s'],
        ['sip', 'chrome-extension://own/phone-link.html?link=%s'],
      ],
    ]);
  });

  test.each([
    ['that has no such thing', {}],
    [
      'that does not allow it',
      {
        registerProtocolHandler() {
          throw new DOMException('no', 'SecurityError');
        },
      },
    ],
  ])('a browser %s says so', (_title, navigator) => {
    expect(askForPhoneLinks(navigator, urlOf)).toBe('unavailable');
  });
});

test('the time of the last link is remembered; before the first one there is none', async () => {
  const store = createFakeStorage();
  expect(await lastPhoneLink(store)).toBeUndefined();
  await rememberPhoneLink(store, 1_700_000_000_000);
  expect(await lastPhoneLink(store)).toBe(1_700_000_000_000);
  await store.set({ phoneLinkAt: 'yesterday' });
  expect(await lastPhoneLink(store)).toBeUndefined();
});
