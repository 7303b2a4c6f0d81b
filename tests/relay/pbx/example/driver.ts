// The driver of a made-up phone system that speaks lines of words over TCP: the example of docs/writing-a-driver.md, whole
// and at work. It translates and decides nothing.
import { CALL_STATES, CAUSES, DIRECTIONS } from '@offhook/protocol';
import * as v from 'valibot';
import { limited, no, type PbxDeclaration, YES } from '../../../../relay/src/pbx/declaration.ts';
import { type Leg, type LineReport, type OpenDriver, PbxError } from '../../../../relay/src/pbx/driver.ts';
import { secretRefSchema } from '../../../../relay/src/secret-ref.ts';
import { openLineWire } from './line-wire.ts';

/** `options` of such a phone system in relay.yaml. */
export const ExampleOptionsSchema = v.strictObject({ host: v.string(), port: v.number(), password: secretRefSchema });

const missing = no('This phone system has no word for it.');
/** What it can do. The contract tests every word of it, both ways. */
export const EXAMPLE: PbxDeclaration = {
  name: 'Example',
  commands: {
    ...{ makeCall: YES, drop: YES, answer: missing, hold: missing, retrieve: missing, toggle: missing },
    ...{ redirect: missing, transfer: missing, conference: missing, pickup: missing, sendDtmf: missing },
    ...{ setForward: missing, setDnd: missing },
  },
  events: {
    ...{ callSeen: YES, ringback: YES, connected: YES, hangUp: YES, cause: YES, lineState: YES },
    ...{ answerReported: YES, runningCalls: limited('Without the time at which they were answered.') },
    ...{ registration: missing, dnd: missing, forward: missing, ringGroup: missing, voicemail: missing },
  },
  restrictions: [],
  deviceChoice: 'Each line has one phone.',
};

// What comes in is read here, once: "call 10 k-7 talk-3 outbound ringback 03023125042 -", "line 10 Line 10",
// "answer order-1 done". What does not fit is nothing.
const Word = v.pipe(v.string(), v.regex(/^\S{1,64}$/));
const CallWords = v.tuple([Word, Word, Word, v.picklist(DIRECTIONS), v.picklist(CALL_STATES), Word, Word]);
const ANSWER_MS = 5_000;

/** Opens the driver. */
export const openExampleDriver: OpenDriver<v.InferOutput<typeof ExampleOptionsSchema>> = (
  options,
  context,
  readSecret,
) => {
  const { signal, emit, log, clock } = context;
  const lines = new Map<string, LineReport>();
  const legs = new Map<string, Leg>();
  const asked = new Map<string, { answer(words: string): void; fail(error: PbxError): void }>();
  /** What was named since each snapshot that is under way was asked for. */
  const gathering = new Set<Set<string>>();
  let isUp = false;
  let snapshots = 0;

  const hear: Record<string, (words: string[]) => void> = {
    welcome() {
      isUp = true;
      wire.isWell();
      emit({ type: 'status', status: { type: 'connected' } });
    },
    refused: () => wire.lose('the phone system refused the login: check its password'),
    line([extension = '', ...name]) {
      for (const named of gathering) named.add(extension);
      const line = { lineKey: extension, extension, name: name.join(' '), isRegistered: undefined, dnd: null };
      lines.set(extension, { ...line, forward: null, capabilities: ['makeCall'] });
    },
    call(words) {
      const read = v.safeParse(CallWords, words);
      if (!read.success) return log.warn('the phone system told of a call in words that make no sense');
      const [lineKey, callKey, linkKey, direction, state, number, causeWord] = read.output;
      for (const named of gathering) named.add(`${lineKey} ${callKey}`);
      const before = legs.get(`${lineKey} ${callKey}`);
      const cause = CAUSES.find((known) => known === causeWord);
      const leg: Leg = {
        ...{ lineKey, callKey, linkKey, direction, state, cause, answerReported: true },
        remote: { number: number === '-' ? undefined : number },
        since: before?.since ?? clock.now(),
        connectedSince: before?.connectedSince ?? (state === 'connected' ? clock.now() : undefined),
        capabilities: state === 'ended' ? [] : ['drop'],
      };
      if (state === 'ended') legs.delete(`${lineKey} ${callKey}`);
      else legs.set(`${lineKey} ${callKey}`, leg);
      emit({ type: 'leg', leg });
    },
    answer: ([key = '', words = '']) => asked.get(key)?.answer(words),
  };

  const wire = openLineWire({
    ...{ host: options.host, port: options.port, clock },
    hello: () => `login ${readSecret(options.password)}`,
    onTrying: () => emit({ type: 'status', status: { type: 'connecting' } }),
    onLine(line) {
      const [verb = '', ...words] = line.split(' ');
      if (Object.hasOwn(hear, verb)) hear[verb]?.(words);
      else log.debug({ bytes: line.length }, 'the phone system sent something unknown');
    },
    onLost(reason) {
      giveUp(reason);
      emit({ type: 'status', status: { type: 'disconnected', reason } });
    },
  });

  function giveUp(reason: string): void {
    isUp = false;
    for (const { fail } of asked.values()) fail(new PbxError('pbx-unreachable', reason));
  }

  // The phone system repeats the key of a question in its answer.
  function ask(key: string, question: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const late = () => asked.get(key)?.fail(new PbxError('timeout', 'the phone system did not answer within 5 s'));
    const cancel = clock.after(ANSWER_MS, late);
    const settle = (how: () => void) => {
      cancel();
      asked.delete(key);
      how();
    };
    asked.set(key, { answer: (words) => settle(() => resolve(words)), fail: (error) => settle(() => reject(error)) });
    wire.write(`${question} ${key}`);
    return promise;
  }

  const close = () => {
    wire.close();
    giveUp('the driver was closed');
  };
  signal.addEventListener('abort', close, { once: true });
  return {
    async snapshot() {
      if (!isUp) throw new PbxError('pbx-unreachable', 'not connected');
      snapshots += 1;
      const named = new Set<string>();
      gathering.add(named);
      await ask(`list-${snapshots}`, 'list').finally(() => gathering.delete(named));
      for (const known of [lines, legs]) for (const key of known.keys()) if (!named.has(key)) known.delete(key);
      return { lines: [...lines.values()], legs: [...legs.values()] };
    },
    async command({ commandKey, lineKey, callKey = '', order, dialString = '' }) {
      if (!isUp) return { type: 'rejected', code: 'pbx-unreachable' };
      if (!lines.has(lineKey)) return { type: 'rejected', code: 'line-unknown' };
      const isDrop = order.name === 'drop';
      if (!isDrop && order.name !== 'makeCall') return { type: 'rejected', code: 'not-supported' };
      if (isDrop && !legs.has(`${lineKey} ${callKey}`)) return { type: 'rejected', code: 'call-unknown' };
      const words = await ask(commandKey, isDrop ? `drop ${lineKey} ${callKey}` : `dial ${lineKey} ${dialString}`);
      const how =
        words === 'done' ? ({ state: 'done' } as const) : ({ state: 'failed', code: 'pbx-rejected' } as const);
      // The outcome follows, so that whoever ordered knows by then that it was sent.
      setImmediate(() => !signal.aborted && emit({ type: 'outcome', outcome: { commandKey, ...how } }));
      return { type: 'sent' };
    },
    async close() {
      close();
    },
  };
};
