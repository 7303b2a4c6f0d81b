// The gate in a frame: reports that there is something to mark. Stays under 4 kB: the raw `chrome` global only.

import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import type { PageRequests } from '#lib/messages.ts';
import { startGate } from '#lib/page/gate.ts';
import { openShadowRoot } from '#lib/shadow-root.ts';

/** Whether the page script came. Where the worker cannot be reached, or does not answer, it did not. */
async function report(): Promise<boolean> {
  try {
    // The answer is our own worker's, or none.
    const answer: PageRequests['gate-found']['answer'] | undefined = await chrome.runtime.sendMessage({
      name: 'gate-found',
      request: {},
    });
    return answer?.isInjected === true;
  } catch {
    return false;
  }
}

export default defineUnlistedScript(() => {
  startGate({
    document,
    scope: globalThis,
    openShadowRoot,
    isAlive: () => chrome.runtime?.id !== undefined,
    report,
  });
});
