// What stands between an Asterisk and an agent: how long an event takes, what a busy hour costs, how long everything takes to
// be right again after the phone system was away. The manager interface is a fake; all else is as users have it.
import { connect } from 'node:net';
import type { ServerMessage } from '@offhook/protocol';
import { type AmiOffice, heard, openAmiOffice } from '../ami-office.ts';
import { cpuMsOf } from '../crowd/child.ts';
import type { RowFamily } from '../row.ts';

const FROM = '03023125042';
const LINES = 500;
const CALLS_PER_SECOND = 20;
const WINDOW_MS = 3_000;

/** Somebody calls a phone → the agent's browser has the line with the call. */
export const amiToAgent: RowFamily = {
  rows: [
    {
      id: 'ami-to-agent',
      unit: 'ms',
      ours: 'the event that a phone rings leaves Asterisk → the agent’s browser has the call',
      reference: 'the same event through a process that sends each packet on as it is',
    },
  ],
  rounds: 60,
  warmUpRounds: 10,
  async open(ground) {
    const office = await openAmiOffice(ground, { lines: 20 });
    const extension = office.extensions[3] ?? '';
    return {
      async ours() {
        const ringing = frameWith(office, extension, (states) => states.includes('offering'));
        office.exchange.callIn({ to: extension, from: FROM });
        const startedAt = performance.now();
        const at = await ringing;
        await hangUp(office, extension);
        return { 'ami-to-agent': at - startedAt };
      },
      async reference() {
        const ringing = packetWith(office, `State: RINGING`);
        office.exchange.callIn({ to: extension, from: FROM });
        const startedAt = performance.now();
        const at = await ringing;
        await hangUp(office, extension);
        return { 'ami-to-agent': at - startedAt };
      },
    };
  },
};

/** A busy hour: 500 lines, 20 calls a second, each rung, answered and hung up. */
export const pbxLoad: RowFamily = {
  rows: [
    {
      id: 'pbx-load',
      unit: 'ms',
      ours: `processor time of the relay for one call; ${LINES} lines, ${CALLS_PER_SECOND} calls a second, nothing lost`,
      reference: 'the same for a process that sends each packet on as it is',
    },
  ],
  rounds: 5,
  warmUpRounds: 1,
  async open(ground) {
    const office = await openAmiOffice(ground, { lines: LINES });
    return {
      async ours() {
        const before = cpuMsOf(office.relayPid);
        const calls = await play(office);
        return { 'pbx-load': (cpuMsOf(office.relayPid) - before) / calls };
      },
      async reference() {
        const before = cpuMsOf(office.barePid);
        const calls = await play(office);
        return { 'pbx-load': (cpuMsOf(office.barePid) - before) / calls };
      },
    };
  },
};

/** The phone system comes back: 500 lines and 100 calls are right again. */
export const pbxResync: RowFamily = {
  rows: [
    {
      id: 'pbx-resync',
      unit: 'ms',
      ours: `the phone system takes the connection again → the agent sees all ${LINES} lines and their calls as they are`,
      reference: 'reading the same lists over a plain socket, and doing nothing with them',
    },
  ],
  rounds: 20,
  warmUpRounds: 3,
  async open(ground) {
    const office = await openAmiOffice(ground, { lines: LINES });
    for (const extension of office.extensions.slice(0, 100)) {
      office.exchange.callIn({ to: extension, from: FROM });
      await office.exchange.lift(extension);
    }
    return {
      async ours() {
        const took = office.server.nextConnection();
        const known = allKnown(office, () => office.server.cut());
        const startedAt = await took;
        return { 'pbx-resync': (await known) - startedAt };
      },
      async reference() {
        return { 'pbx-resync': await readRaw(office) };
      },
    };
  },
};

type Lines = Extract<ServerMessage, { type: 'delta' | 'snapshot' }>['lines'];

function linesIn(message: ServerMessage): Lines {
  return message.type === 'delta' || message.type === 'snapshot' ? message.lines : [];
}

function frameWith(office: AmiOffice, extension: string, fits: (states: string[]) => boolean): Promise<number> {
  return heard(`a call at ${extension}`, (resolve) =>
    office.onFrame((message, at) => {
      const line = linesIn(message).find((one) => 'extension' in one && one.extension === extension);
      if (line && 'calls' in line && fits(line.calls.map(({ state }) => state))) resolve(at);
    }),
  );
}

function packetWith(office: AmiOffice, text: string): Promise<number> {
  return heard(`a packet with ${text}`, (resolve) =>
    office.onBare((packet, at) => {
      if (packet.includes(text)) resolve(at);
    }),
  );
}

async function hangUp(office: AmiOffice, extension: string): Promise<void> {
  const over = frameWith(office, extension, (states) => states.every((state) => state === 'ended'));
  office.exchange.farHangsUp(extension);
  await over;
}

/** Plays the calls and waits until the agent has seen each of them ring and end. Answers how many. */
async function play(office: AmiOffice): Promise<number> {
  const seen = new Map<string, Set<string>>();
  const stop = office.onFrame((message) => remember(seen, message));
  const calls = await playCalls(office);
  const over = () => [...seen.values()].filter((states) => states.has('ended')).length;
  await heard(`the end of ${calls} calls`, (resolve) => {
    const look = () => over() >= calls && resolve(true);
    look();
    return office.onFrame(look);
  });
  stop();
  const half = [...seen.values()].filter((states) => !states.has('offering') && !states.has('connected')).length;
  if (seen.size !== calls || half > 0) throw new Error(`${calls} calls were made, ${seen.size} seen, ${half} half`);
  return calls;
}

function remember(seen: Map<string, Set<string>>, message: ServerMessage): void {
  for (const line of linesIn(message)) {
    if (!('calls' in line)) continue;
    for (const { callId, state } of line.calls) {
      // What ended in an earlier round stays in the line for a while.
      if (state === 'ended' && !seen.has(callId)) continue;
      const states = seen.get(callId) ?? new Set();
      states.add(state);
      seen.set(callId, states);
    }
  }
}

/** Each call at another line; each is lifted 200 ms after it began and over 400 ms later. Answers how many. */
async function playCalls({ exchange, extensions }: AmiOffice): Promise<number> {
  const calls = (WINDOW_MS / 1000) * CALLS_PER_SECOND;
  const begunAt = performance.now();
  const steps = Array.from({ length: calls }, (_, n) => {
    const extension = extensions[(n * 7) % LINES] ?? '';
    const at = (n * 1000) / CALLS_PER_SECOND;
    return [
      { at, run: () => exchange.callIn({ to: extension, from: `0302312${String(5_000 + n)}` }) },
      { at: at + 200, run: () => exchange.lift(extension) },
      { at: at + 600, run: () => exchange.farHangsUp(extension) },
    ];
  })
    .flat()
    .sort((a, b) => a.at - b.at);
  for (const { at, run } of steps) {
    const waitMs = begunAt + at - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    await run();
  }
  return calls;
}

/** When the agent has every line known, after having had them unknown if `begin` makes them so. */
function allKnown(office: AmiOffice, begin: () => unknown): Promise<number> {
  const waiting = new Set(office.extensions);
  return heard('all lines', (resolve) => {
    const stop = office.onFrame((message, at) => {
      for (const line of linesIn(message)) {
        if (!('state' in line)) continue;
        if (line.state === 'unknown') waiting.add(line.extension);
        else if (waiting.delete(line.extension) && waiting.size === 0) resolve(at);
      }
    });
    begin();
    return stop;
  });
}

/** Milliseconds from the connection to the end of the last list. */
function readRaw({ server }: AmiOffice): Promise<number> {
  const actions = ['ExtensionStateList', 'DeviceStateList', 'CoreShowChannels'];
  const trees = ['DND', 'CF', 'CFB', 'CFU'].map((family) => `Action: DBGetTree\r\nFamily: ${family}\r\n\r\n`);
  return heard('the lists', (resolve) => {
    const startedAt = performance.now();
    const socket = connect({ host: '127.0.0.1', port: server.port, noDelay: true });
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      const complete = text.match(/EventList: Complete/g)?.length ?? 0;
      if (complete < actions.length + trees.length) return;
      socket.destroy();
      resolve(performance.now() - startedAt);
    });
    socket.write('Action: Login\r\nUsername: sample\r\nSecret: sample-secret\r\n\r\n');
    socket.write(actions.map((action) => `Action: ${action}\r\n\r\n`).join('') + trees.join(''));
    return () => socket.destroy();
  });
}
