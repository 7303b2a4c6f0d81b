// From the moment somebody calls at the phone system to the frame in which the side panel has the caller's name, in a company
// of 2,000 lines that the agent watches all, 200 changes a second among them. Beside it the bare path: a frame into the same
// worker, handed to the same page, which writes the same name as bare text.
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer';
import { WebSocketServer, type WebSocket as WsSocket } from 'ws';
import { ADA, ANNA, waitForText } from '../../e2e/world.ts';
import { openBareSocket } from '../bare-socket.ts';
import { keepLinesBusy } from '../busy-lines.ts';
import { comeToRest, LINE_NAME, type Office, openOffice } from '../office.ts';
import type { Ground, RowFamily } from '../row.ts';

const ID = 'ring-to-name';
const LINES = 2_000;
const EVENTS_PER_SECOND = 200;
const LIMIT_MS = 20_000;
const CHANNEL = 'offhook-bench';

/** A call comes in → the name is on the screen. */
export const ringToName: RowFamily = {
  rows: [
    {
      id: ID,
      unit: 'ms',
      ours: `a call comes in at the phone system → the side panel shows the name; ${LINES} lines, ${EVENTS_PER_SECOND} events a second`,
      reference: 'a frame through the same worker to the same page, which writes the name as bare text',
    },
  ],
  rounds: 40,
  warmUpRounds: 5,
  async open(ground) {
    const office = await openOffice(ground, { lines: LINES });
    const panel = await office.agent.openView('sidepanel.html');
    await waitForText(panel, LINE_NAME);
    const bare = await openBareSocket(office.agent);
    ground.atEnd(bare.close);
    const screen = await openScreen(office, panel, ground);
    const { desk } = office.world.stage;
    await keepLinesBusy(desk, { eventsPerSecond: EVENTS_PER_SECOND, ground });
    return {
      async ours() {
        await comeToRest(office, bare);
        const tookMs = await screen.until(() => void desk.callIn({ from: ANNA.reported, to: ADA }));
        await screen.gone(() => void desk.farHangsUp(ADA));
        return { [ID]: tookMs };
      },
      async reference() {
        await comeToRest(office, bare);
        const tookMs = await screen.until(() => screen.write(ANNA.name));
        await screen.gone(() => screen.write(''));
        return { [ID]: tookMs };
      },
    };
  },
};

interface Screen {
  /** Milliseconds from the beginning of `begin` to the frame after the name was there. */
  until(begin: () => void): Promise<number>;
  /** Resolves when the name, after `begin`, is not there any more. */
  gone(begin: () => void): Promise<void>;
  /** The bare path: through the worker into the page. */
  write(text: string): void;
}

// The page itself says over a socket of its own when it has the name, so that no debugger stands in between.
async function openScreen({ agent }: Office, panel: Page, ground: Ground): Promise<Screen> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  ground.atEnd(() => server.close());
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a path
  const fromPage = connected(server);
  await panel.evaluate(watchFor, { port, name: ANNA.name, channel: CHANNEL });
  const page = await fromPage;
  const fromWorker = connected(server);
  await agent.inWorker(`new Promise((resolve) => {
    const channel = new BroadcastChannel('${CHANNEL}');
    const socket = new WebSocket('ws://127.0.0.1:${port}');
    globalThis.benchScreen = { channel, socket };
    socket.onmessage = ({ data }) => channel.postMessage(data);
    socket.onopen = () => resolve(true);
  })`);
  const worker = await fromWorker;
  ground.atEnd(() => {
    for (const socket of [page, worker]) socket.terminate();
  });
  return {
    async until(begin) {
      const shown = nextWord(page, 'shown');
      const startedAt = performance.now();
      begin();
      return (await shown) - startedAt;
    },
    async gone(begin) {
      const gone = nextWord(page, 'gone');
      begin();
      await gone;
    },
    write: (text) => worker.send(text),
  };
}

function connected(server: WebSocketServer): Promise<WsSocket> {
  return new Promise((resolve) => server.once('connection', resolve));
}

function nextWord(socket: WsSocket, word: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      socket.off('message', hear);
      reject(new Error(`waited ${LIMIT_MS / 1000} s for the page to say "${word}"`));
    }, LIMIT_MS);
    const hear = (data: unknown) => {
      if (String(data) !== word) return;
      const at = performance.now();
      clearTimeout(limit);
      socket.off('message', hear);
      resolve(at);
    };
    socket.on('message', hear);
  });
}

// Runs in the page.
function watchFor({ port, name, channel }: { port: number; name: string; channel: string }): Promise<boolean> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  const bare = document.body.appendChild(document.createElement('p'));
  new BroadcastChannel(channel).onmessage = ({ data }) => {
    bare.textContent = String(data);
  };
  let isShown = false;
  const look = () => {
    // The journal and the calls that are over name the caller, too, and for longer.
    const places = [bare, ...document.querySelectorAll('.card--offering')];
    const isThere = places.some(({ textContent }) => textContent?.includes(name));
    if (isThere === isShown) return;
    isShown = isThere;
    requestAnimationFrame(() => socket.send(isThere ? 'shown' : 'gone'));
  };
  new MutationObserver(look).observe(document.body, {
    ...{ subtree: true, childList: true, characterData: true },
    attributeFilter: ['class'],
  });
  return new Promise((resolve) => {
    socket.onopen = () => resolve(true);
  });
}
