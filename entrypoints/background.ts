// Where the browser starts the worker. Everything is registered synchronously, see lib/worker.ts.
import browser from 'webextension-polyfill';
import { defineBackground } from 'wxt/utils/define-background';
import { startWorker } from '#lib/worker.ts';

export default defineBackground({
  type: 'module',
  main: () => startWorker({ browser, kind: import.meta.env.FIREFOX ? 'firefox' : 'chrome' }),
});
