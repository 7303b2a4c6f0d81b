// Where the browser starts the worker. Everything is registered synchronously, see lib/worker.ts.
import browser from 'webextension-polyfill';
import { defineBackground } from 'wxt/utils/define-background';
import { systemClock } from '#lib/clock.ts';
import { profileContactStore } from '#lib/contact-store.ts';
import { forgetDeviceKey, loadDeviceKey } from '#lib/device-key.ts';
import { t } from '#lib/i18n.ts';
import { createHiddenPlayer, hiddenPagesOf } from '#lib/ring-page.ts';
import { pageRingPlayer } from '#lib/ring-player.ts';
import { startWorker } from '#lib/worker.ts';

export default defineBackground({
  type: 'module',
  main: () =>
    startWorker({
      browser,
      kind: import.meta.env.FIREFOX ? 'firefox' : 'chrome',
      t,
      clock: systemClock,
      openSocket: (url, subprotocol) => new WebSocket(url, subprotocol),
      contactStore: profileContactStore(),
      // Chromium's worker has no sound; Firefox's event page is a page.
      player: import.meta.env.FIREFOX ? pageRingPlayer(systemClock.after) : createHiddenPlayer(hiddenPagesOf(chrome)),
      keys: { load: loadDeviceKey, forget: forgetDeviceKey },
      onNetworkUp: (listener) => globalThis.addEventListener('online', listener),
    }),
});
