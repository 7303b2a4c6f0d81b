// The extension's worker under the debugger, but only while somebody asks: Chromium treats a worker with a debugger
// differently (it never idles, and after a stop it waits to be let run).
import type { Browser, CDPSession, Page } from 'puppeteer';

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
const LOOKS_BEFORE_HELP = 20;

/** The worker of the one extension in a browser. `keeper` must stay open; by default it is the first tab, which is empty. */
export async function watchWorkers(browser: Browser, keeper?: Page): Promise<WorkerTarget> {
  // Sessions on a worker live as long as the one that attached them.
  const root = await browser.target().createCDPSession();
  const kept = keeper ?? (await browser.pages())[0] ?? (await browser.newPage());
  const states = await kept.createCDPSession();
  let onStopped: (() => void) | undefined;
  let isStarting = false;
  states.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
    for (const { runningStatus } of versions) {
      if (runningStatus === 'stopped') onStopped?.();
      // Whoever is attached to the page of an extension is attached to its worker, too, and a worker that is woken then
      // waits for a debugger to let it run.
      const wasStarting = isStarting;
      isStarting = runningStatus === 'starting';
      if (isStarting && !wasStarting) void helpToStart();
    }
  });
  await states.send('ServiceWorker.enable');

  async function workers(): Promise<{ targetId: string; url: string }[]> {
    const { targetInfos } = await root.send('Target.getTargets', { filter: [{ type: 'service_worker' }] });
    return targetInfos;
  }

  async function sessionOn(targetId: string): Promise<CDPSession | undefined> {
    const { sessionId } = await root.send('Target.attachToTarget', { targetId, flatten: true });
    return root.connection()?.session(sessionId) ?? undefined;
  }

  /** Lets every worker run that waits for a debugger; those have no address yet. */
  async function letRun(): Promise<void> {
    for (const { targetId } of await workers()) {
      const session = await sessionOn(targetId);
      await session?.send('Runtime.runIfWaitingForDebugger');
      await session?.detach();
    }
  }

  // When it begins to start it is no target yet, and nothing tells when it becomes one.
  async function helpToStart(): Promise<void> {
    while (isStarting && browser.connected) {
      await letRun().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async function running(): Promise<{ targetId: string; url: string }> {
    const end = Date.now() + WAIT_MS;
    for (let look = 1; ; look += 1) {
      const all = await workers();
      const found = all.find(({ url }) => url.startsWith('chrome-extension://'));
      if (found) return found;
      if (Date.now() > end)
        throw new Error(`waited ${WAIT_MS / 1000} s for the extension's worker, there are: ${JSON.stringify(all)}`);
      if (look % LOOKS_BEFORE_HELP === 0) await letRun().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async function attach(): Promise<CDPSession> {
    for (let attempt = 0; ; attempt += 1) {
      const { targetId } = await running();
      try {
        const session = await sessionOn(targetId);
        if (session) return session;
      } catch (error) {
        // It ended between being seen and being attached to.
        if (attempt > 20) throw error;
      }
    }
  }

  return {
    url: async () => (await running()).url,
    attach,
    async stop() {
      const stopped = new Promise<void>((resolve) => {
        onStopped = resolve;
      });
      await states.send('ServiceWorker.stopAllWorkers');
      await stopped;
      onStopped = undefined;
    },
  };
}
