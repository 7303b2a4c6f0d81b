// The page behind a pairing link: in the browser's language, under a policy that lets nothing else run.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startPage, startPageHeaders } from '../../relay/src/start-page.ts';
import { START_PAGE_TEXT, startPageLanguage } from '../../relay/src/start-page-text.ts';

const page = startPage({ acceptLanguage: 'en' });

describe('language', () => {
  test.each([
    ['de-DE,de;q=0.9,en;q=0.8', 'de'],
    ['de', 'de'],
    ['en-US,en;q=0.9,de;q=0.8', 'en'],
    ['de;q=0.3, en;q=0.7', 'en'],
    ['fr,de;q=0.1', 'de'],
    ['fr', 'en'],
    ['', 'en'],
    ['*;q=x,,;', 'en'],
  ])('%j gives %s', (header, language) => {
    expect(startPageLanguage(header)).toBe(language);
  });

  test('the page says its language and is complete in both', () => {
    expect(page).toContain('<html lang="en">');
    expect(startPage({ acceptLanguage: 'de' })).toContain('<html lang="de">');
    for (const texts of Object.values(START_PAGE_TEXT)) {
      for (const text of Object.values(texts)) expect(text.trim()).not.toBe('');
    }
    expect(Object.keys(START_PAGE_TEXT.de)).toEqual(Object.keys(START_PAGE_TEXT.en));
  });
});

describe('a relay that takes the company’s account', () => {
  const withAccount = startPage({ acceptLanguage: 'en', provider: '<b>ID</b> $&' });

  test('names the provider, as text, under the very same policy', () => {
    expect(withAccount).toContain('you sign in with &lt;b&gt;ID&lt;/b&gt; $&amp;.');
    const scriptOf = (html: string) => /<script>([\s\S]*?)<\/script>/.exec(html)?.[1];
    expect(scriptOf(withAccount)).toBe(scriptOf(page));
    expect(page).not.toContain('id="account"');
  });
});

describe('policy', () => {
  const policy = startPageHeaders['content-security-policy'] ?? '';

  test.each([
    ['script-src', /<script>([\s\S]*?)<\/script>/g],
    ['style-src', /<style>([\s\S]*?)<\/style>/g],
  ])('%s names exactly what is in the page, in every language', (directive, pattern) => {
    for (const html of [page, startPage({ acceptLanguage: 'de' })]) {
      const found = [...html.matchAll(pattern)].map((match) => match[1] ?? '');
      expect(found).toHaveLength(1);
      const hash = createHash('sha256')
        .update(found[0] ?? '')
        .digest('base64');
      expect(policy.split('; ')).toContain(`${directive} 'sha256-${hash}'`);
    }
  });

  test('nothing else may run, load, frame or send, and the page has no handlers or styles in its tags', () => {
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'none'");
    expect(policy).not.toContain('unsafe');
    expect(page).not.toMatch(/<[^>]+ (?:on\w+|style)=/);
    expect(page).not.toMatch(/https?:\/\//);
  });

  test('the code is not cached and goes to nobody', () => {
    expect(startPageHeaders['referrer-policy']).toBe('no-referrer');
    expect(startPageHeaders['cache-control']).toBe('no-store');
  });
});
