// What the extension holds after a day's work: the worker and the side panel that stands all day, garbage collected, after
// so many calls and so many changes of the colleagues' lines. Beside it the same two at the beginning of the day.
import type { CDPSession, Page } from 'puppeteer';
import { ADA, ANNA, eventually, PAUL, waitForText } from '../../e2e/world.ts';
import { LINE_NAME, type Office, openOffice } from '../office.ts';
import type { RowFamily } from '../row.ts';

const ID = 'extension-memory';
const CALLS = 120;
const CHANGES = 6_000;
const CHANGES_AT_ONCE = 200;
// The day's calls come within seconds: a slow machine's browser is through with them some time after the phone system.
const EVENING_LIMIT_MS = 60_000;
const LOOKS = 3;
const LOOK_EVERY_MS = 300;

/** What scripts hold, and what stands behind the tree. */
interface HeapUsage {
  usedSize: number;
  embedderHeapUsedSize: number;
}

/** The heap of the extension after a simulated day. */
export const extensionMemory: RowFamily = {
  rows: [
    {
      id: ID,
      unit: 'bytes',
      ours: `heap of worker and side panel after a day: ${CALLS} calls, ${CHANGES} changes of colleagues' lines`,
      reference: 'the same worker and side panel at the beginning of the day',
    },
  ],
  rounds: 5,
  warmUpRounds: 1,
  async open(ground) {
    const office = await openOffice(ground);
    const panel = await office.agent.openView('sidepanel.html');
    return {
      async ours() {
        const bornAt = await beginDay(office, panel);
        await liveDay(office);
        const bytes = await heapOf(office, panel);
        if ((await workerBirth(office)) !== bornAt) throw new Error('the worker was another one in the evening');
        return { [ID]: bytes };
      },
      async reference() {
        await beginDay(office, panel);
        return { [ID]: await heapOf(office, panel) };
      },
    };
  },
};

const workerBirth = ({ agent }: Office) => agent.inWorker('performance.timeOrigin');

/** A new worker and a new panel; answers when the worker was born. */
async function beginDay(office: Office, panel: Page): Promise<unknown> {
  await office.agent.stopWorker();
  await panel.reload();
  await waitForText(panel, LINE_NAME);
  return workerBirth(office);
}

async function liveDay({ agent, world }: Office): Promise<void> {
  const { desk } = world.stage;
  for (let call = 0; call < CALLS; call += 1) {
    await desk.callIn({ from: call % 2 === 0 ? ANNA.reported : PAUL.reported, to: ADA });
    // Every third one is not answered.
    if (call % 3 !== 0 && (await desk.lift(ADA))) await desk.hangUp(ADA);
    else await desk.farHangsUp(ADA);
    if (call % (CALLS / (CHANGES / CHANGES_AT_ONCE)) === 0) await desk.flood(CHANGES_AT_ONCE);
  }
  await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
  // What the worker hears comes in order: once it has shown one call more, it is through with all that was before.
  await desk.callIn({ from: ANNA.reported, to: ADA });
  await eventually('the last call', agent.notifications, (ids) => ids.length === 1, EVENING_LIMIT_MS);
  await desk.farHangsUp(ADA);
  await eventually('no notification', agent.notifications, (ids) => ids.length === 0, EVENING_LIMIT_MS);
}

async function heapOf({ agent }: Office, panel: Page): Promise<number> {
  await closeOthers(agent, panel);
  const worker = await agent.watchWorker();
  const page = await panel.createCDPSession();
  try {
    return (await settledHeap(worker)) + (await settledHeap(page));
  } finally {
    // One whose worker is gone is gone, too; that it was the same worker is asked afterwards.
    for (const session of [worker, page]) await session.detach().catch(() => undefined);
  }
}

// All views live in one heap: the caller window, which stays for a note, and the popup would be counted with the panel.
async function closeOthers({ browser }: Office['agent'], panel: Page): Promise<void> {
  const views = () =>
    browser.targets().filter((target) => target !== panel.target() && /^chrome-extension:.*\.html/.test(target.url()));
  await eventually(
    'no other view',
    async () => {
      for (const target of views()) {
        const page = (await target.page().catch(() => null)) ?? (await target.asPage().catch(() => null));
        await page?.close().catch(() => undefined);
      }
      return views().length;
    },
    (count) => count === 0,
    EVENING_LIMIT_MS,
  );
}

// The least of several looks: what is about to be thrown away is no cost that stays.
async function settledHeap(session: CDPSession): Promise<number> {
  const looks: number[] = [];
  while (looks.length < LOOKS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    for (let turn = 0; turn < 2; turn += 1) await session.send('HeapProfiler.collectGarbage');
    // The protocol's own answer; the types lag behind it.
    const { usedSize, embedderHeapUsedSize = 0 } = (await session.send('Runtime.getHeapUsage')) as HeapUsage;
    looks.push(usedSize + embedderHeapUsedSize);
  }
  return Math.min(...looks);
}
