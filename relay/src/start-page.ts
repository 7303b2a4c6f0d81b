// The page that a pairing link opens: what Offhook is, how the extension comes into this browser, and the code. The code is
// in the fragment of the address, so it never reaches any server; the extension's popup reads it from the tab. The page
// runs one small script whose hash is in its policy, loads nothing and sends nothing.
import { createHash } from 'node:crypto';
import { START_PAGE_TEXT, startPageLanguage } from './start-page-text.ts';
import { RELAY_VERSION } from './version.ts';

const STYLE = `
:root { color-scheme: light dark;
  --bg: light-dark(#f6f7f8, #17191c); --surface: light-dark(#ffffff, #1f2226); --line: light-dark(#e3e6ea, #33383f);
  --line-strong: light-dark(#cdd2d8, #454c55); --text: light-dark(#1b1f24, #eceef1); --text-2: light-dark(#57606a, #a6adb6);
  --accent: light-dark(#0b6e5f, #4fc3ae); --accent-soft: light-dark(#e3f3f0, #17352f); --on-accent: light-dark(#ffffff, #06211c);
  --ring: light-dark(#9a5b00, #f0b35a); --ring-soft: light-dark(#fff3dc, #3a2b12); --focus: light-dark(#0b6e5f, #7fe0cf);
  --shadow: 0 1px 2px rgb(0 0 0 / .06), 0 6px 24px rgb(0 0 0 / .10); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; padding: 24px 16px; background: var(--bg);
  color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { width: min(34rem, 100%); margin: auto; background: var(--surface); border: 1px solid var(--line); border-radius: 14px;
  box-shadow: var(--shadow); overflow: hidden; }
header { padding: 28px 28px 20px; }
.mark { display: flex; align-items: center; gap: 10px; font-weight: 600; color: var(--text-2); font-size: 14px; }
.mark svg { width: 28px; height: 28px; flex: none; }
h1 { margin: 18px 0 6px; font-size: 24px; line-height: 1.2; letter-spacing: -.01em; }
p { margin: 0; } header p { color: var(--text-2); text-wrap: pretty; }
.code { margin: 0 28px; padding: 16px 20px; border-radius: 10px; background: var(--accent-soft); display: flex; flex-wrap: wrap;
  align-items: end; gap: 10px 20px; justify-content: space-between; }
.code[hidden], .warn[hidden], [hidden] { display: none; }
.code small, .note { display: block; color: var(--text-2); font-size: 13px; }
.code .whole { flex-basis: 100%; }
.code output { display: block; font: 600 30px/1.25 ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono", monospace;
  letter-spacing: .06em; white-space: nowrap; }
.warn { margin: 0 28px; padding: 14px 18px; border-radius: 10px; background: var(--ring-soft); color: var(--text);
  border-left: 3px solid var(--ring); }
button { font: inherit; font-weight: 600; font-size: 14px; min-height: 36px; padding: 6px 16px; border: 1px solid transparent;
  border-radius: 8px; background: var(--accent); color: var(--on-accent); cursor: pointer; }
button:hover { filter: brightness(1.08); }
button:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
ol { list-style: none; margin: 0; padding: 24px 28px 8px; counter-reset: step; }
li { counter-increment: step; position: relative; padding: 0 0 20px 44px; }
li::before { content: counter(step); position: absolute; left: 0; top: 1px; width: 28px; height: 28px; border-radius: 50%;
  border: 1px solid var(--line-strong); color: var(--accent); font-weight: 600; font-size: 14px; display: grid;
  place-content: center; }
h2 { margin: 0 0 4px; padding-top: 4px; font-size: 16px; line-height: 1.35; } li p { color: var(--text-2); text-wrap: pretty; }
li .note { margin-top: 6px; }
footer { padding: 12px 28px; border-top: 1px solid var(--line); color: var(--text-2); font-size: 12px; }
@media (max-width: 26rem) { header { padding: 20px 18px 16px; } .code, .warn { margin: 0 18px; } ol { padding: 20px 18px 4px; }
  footer { padding: 12px 18px; } .code output { font-size: 26px; } }
@media (forced-colors: active) { .code, .warn, button { border: 1px solid; } }
`;

// Runs in the page: plain, small, and nothing of the address goes anywhere but into text nodes and the clipboard.
const SCRIPT = `
'use strict';
const byId = (id) => document.getElementById(id);
const show = () => {
  const given = location.hash.slice(1);
  const letters = (/^pair=(.*)$/.exec(given)?.[1] ?? '').toUpperCase().replace(/[^A-Z]/g, '');
  const isWhole = letters.length === 8;
  byId('code').textContent = letters.slice(0, 3) + '-' + letters.slice(3);
  byId('code-box').hidden = !isWhole;
  byId('bad-code').hidden = isWhole || !given.startsWith('pair');
  const account = byId('account');
  byId('no-code').hidden = isWhole || given.startsWith('pair') || account !== null;
  if (account) account.hidden = isWhole || given.startsWith('pair');
  // By it the extension's popup knows what this page is.
  if (account && given === '') history.replaceState(null, '', '#sign-in');
  byId('elsewhere').hidden = !isWhole || !navigator.clipboard;
};
const names = [[/Edg\\//, 'Microsoft Edge'], [/Firefox\\//, 'Firefox'], [/OPR\\//, 'Opera'], [/Chrome\\//, 'Chrome'], [/Safari\\//, 'Safari']];
const name = names.find(([pattern]) => pattern.test(navigator.userAgent))?.[1];
if (name) { byId('browser').textContent = name; byId('browser-note').hidden = false; }
const copy = byId('copy');
copy.hidden = !navigator.clipboard;
copy.addEventListener('click', async () => {
  await navigator.clipboard.writeText(location.href);
  const before = copy.textContent;
  copy.textContent = copy.dataset.copied;
  setTimeout(() => { copy.textContent = before; }, 2000);
});
addEventListener('hashchange', show);
show();
`;

const POLICY = [
  "default-src 'none'",
  `script-src '${hashOf(SCRIPT)}'`,
  `style-src '${hashOf(STYLE)}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The headers that go with the page. */
export const startPageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'cache-control': 'no-store',
  vary: 'Accept-Language',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** The page as HTML, in the language that the browser asks for. `provider`: where people sign in without a code. */
export function startPage({
  acceptLanguage,
  provider,
}: {
  acceptLanguage: string;
  provider?: string | undefined;
}): string {
  const language = startPageLanguage(acceptLanguage);
  const text = START_PAGE_TEXT[language];
  const t = (key: keyof typeof text) => escaped(text[key]);
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${t('title')} – Offhook</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<div class="mark">${MARK}Offhook</div>
<h1>${t('title')}</h1>
<p>${t('lead')}</p>
</header>
<div class="code" id="code-box" hidden>
<div><small id="code-label">${t('codeLabel')}</small><output id="code" aria-labelledby="code-label"></output></div>
<button type="button" id="copy" data-copied="${t('copied')}">${t('copy')}</button>
<small class="whole">${t('codeNote')}</small>
</div>
<p class="warn" id="bad-code" role="alert" hidden>${t('badCode')}</p>
<p class="warn" id="no-code" hidden>${t('noCode')}</p>
${
  provider === undefined
    ? ''
    : `<p class="code" id="account" hidden>${escaped(text.account.replace('{provider}', () => provider))}</p>
`
}<noscript><p class="warn">${t('noScript')}</p></noscript>
<ol>
<li><h2>${t('installTitle')}</h2><p>${t('installText')}</p><p class="note" id="browser-note" hidden>${t('thisBrowser')}<strong id="browser"></strong></p></li>
<li><h2>${t('connectTitle')}</h2><p>${t('connectText')}</p><p class="note" id="elsewhere" hidden>${t('elsewhere')}</p></li>
</ol>
<footer>${t('footer')} ${escaped(RELAY_VERSION)}</footer>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

const MARK =
  '<svg viewBox="0 0 28 28" aria-hidden="true"><rect width="28" height="28" rx="8" fill="var(--accent)"/>' +
  '<path d="M9.2 7.6l2.3-.6 1.6 3.7-1.5 1.4c.9 1.9 2.3 3.3 4.2 4.2l1.5-1.5 3.7 1.6-.6 2.4c-.2.8-1 1.3-1.8 1.2' +
  '-5.6-.8-9.9-5.1-10.7-10.6-.1-.8.5-1.6 1.3-1.8z" fill="var(--on-accent)"/></svg>';

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
}
