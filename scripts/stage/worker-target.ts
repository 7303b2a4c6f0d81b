// The extension's worker under the debugger, but only while somebody asks: Chromium treats a worker with a debugger
// differently (it never idles, and after a stop it waits to be let run).
import type { Browser, CDPSession } from 'puppeteer';

export interface WorkerTarget {
  /** The address of the worker, once one runs. */
  url(): Promise<string>;
  /** A debugger session on the worker that runs now, or on the next one. */
  attach(): Promise<CDPSession>;
  /** Stops all workers at once and returns when that is done; what wakes them again may do so at once. */
  stop(): Promise<void>;
}

const WAIT_MS = 15_000;
const LOOK_EVERY_MS = 25;

/** The worker of the one extension in a browser. */
export async function watchWorkers(browser: Browser): Promise<WorkerTarget> {
  // Sessions on a worker live as long as the one that attached them.
  const root = await browser.target().createCDPSession();

  async function running(): Promise<{ targetId: string; url: string }> {
    const end = Date.now() + WAIT_MS;
    for (;;) {
      const { targetInfos } = await root.send('Target.getTargets', { filter: [{ type: 'service_worker' }] });
      const found = targetInfos.find(({ url }) => url.startsWith('chrome-extension://'));
      if (found) return found;
      if (Date.now() > end) throw new Error(`waited ${WAIT_MS / 1000} s for the extension's worker`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  return {
    url: async () => (await running()).url,
    async attach() {
      for (let attempt = 0; ; attempt += 1) {
        const { targetId } = await running();
        try {
          const { sessionId } = await root.send('Target.attachToTarget', { targetId, flatten: true });
          const session = root.connection()?.session(sessionId);
          if (session) return session;
        } catch (error) {
          // It ended between being seen and being attached to.
          if (attempt > 20) throw error;
        }
      }
    },
    async stop() {
      const pages = await browser.pages();
      const page = pages.find((one) => one.url().startsWith('chrome-extension://')) ?? pages[0];
      if (!page) throw new Error('the worker can only be stopped while a page is open');
      const session = await page.createCDPSession();
      const stopped = Promise.withResolvers<void>();
      session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
        if (versions.some(({ runningStatus }) => runningStatus === 'stopped')) stopped.resolve();
      });
      await session.send('ServiceWorker.enable');
      await session.send('ServiceWorker.stopAllWorkers');
      await stopped.promise;
      await session.detach();
    },
  };
}
