// The gate in a frame: reports once that there is something to mark. Stays under 4 kB: the raw `chrome` global only.

import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { startGate } from '#lib/page/gate.ts';
import { openShadowRoot } from '#lib/shadow-root.ts';

export default defineUnlistedScript(() => {
  startGate({
    document,
    scope: globalThis,
    openShadowRoot,
    isAlive: () => chrome.runtime?.id !== undefined,
    // Without an answer nothing is lost: the worker injects the gate again with the next page.
    report: () => void chrome.runtime.sendMessage({ name: 'gate-found', request: {} }).catch(() => undefined),
  });
});
