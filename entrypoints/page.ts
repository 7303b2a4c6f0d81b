// The page script in a frame, injected where the gate saw something. A second injection finds the first and does nothing.

import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { chipSkin } from '#components/Chip.tsx';
import { errorText } from '#lib/error-text.ts';
import { t } from '#lib/i18n.ts';
import type { Send } from '#lib/messages.ts';
import { startPageScript } from '#lib/page/page-script.ts';
import { presenceOf, setPresence } from '#lib/page/presence.ts';
import { openShadowRoot } from '#lib/shadow-root.ts';

const isAlive = () => chrome.runtime?.id !== undefined;
const send: Send = (name, request) => chrome.runtime.sendMessage({ name, request });

export default defineUnlistedScript(() => {
  presenceOf(globalThis, 'gate')?.close();
  const earlier = presenceOf(globalThis, 'page');
  if (earlier?.isAlive()) return;
  earlier?.close();
  const script = startPageScript({
    document,
    send,
    openShadowRoot,
    skin: chipSkin({ t, error: (code, params) => errorText(t, code, params) }),
    isAlive,
  });
  setPresence(globalThis, 'page', { isAlive: () => isAlive() && script.isAtWork(), close: () => script.close() });
});
