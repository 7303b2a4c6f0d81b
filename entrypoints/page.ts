// The page script in a frame, injected where the gate saw something. A second injection finds the first and does nothing.

import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { chipSkin } from '#components/Chip.tsx';
import { t } from '#lib/i18n.ts';
import type { Send } from '#lib/messages.ts';
import { type PageScriptOptions, startPageScript } from '#lib/page/page-script.ts';
import { pageWords } from '#lib/page/page-words.ts';
import { presenceOf, setPresence } from '#lib/page/presence.ts';
import { openShadowRoot } from '#lib/shadow-root.ts';

const isAlive = () => chrome.runtime?.id !== undefined;
const send: Send = (name, request) => chrome.runtime.sendMessage({ name, request });
// A page's own scripts do not get through to here: only parts of this extension do.
const listen: PageScriptOptions['listen'] = (answer, signal) => {
  const hear = (message: unknown, sender: chrome.runtime.MessageSender, respond: (answer: unknown) => void) => {
    const answered = sender.id === chrome.runtime.id ? answer(message) : undefined;
    if (answered !== undefined) respond(answered);
  };
  chrome.runtime.onMessage.addListener(hear);
  signal.addEventListener('abort', () => chrome.runtime?.onMessage?.removeListener(hear));
};

export default defineUnlistedScript(() => {
  presenceOf(globalThis, 'gate')?.close();
  const earlier = presenceOf(globalThis, 'page');
  if (earlier?.isAlive()) return;
  earlier?.close();
  const script = startPageScript({
    document,
    scope: globalThis,
    send,
    listen,
    openShadowRoot,
    skin: chipSkin(pageWords(t, navigator.language)),
    isAlive,
  });
  setPresence(globalThis, 'page', { isAlive: () => isAlive() && script.isAtWork(), close: () => script.close() });
});
