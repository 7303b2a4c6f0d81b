// One stream of server-sent events: read, watched for silence, renewed without a gap. NFON documents neither a heartbeat
// nor whether a stream outlives its token, so a stream that is silent for too long is replaced by a second one before the
// first is given up; what may have been missed, the driver asks for. It knows no calls.
import { createParser, type EventSourceParser, type ParseError } from 'eventsource-parser';
import type { Clock } from '../../clock.ts';
import { ApiError } from './http.ts';
import { jsonIn } from './wire.ts';

export interface FeedOptions {
  /** `'the stream of calls'`, for words. */
  what: string;
  clock: Clock;
  /** Without an event or a comment for so long, the stream is replaced. */
  silenceMs: number;
  begin(options: { signal: AbortSignal; lastEventId?: string | undefined }): Promise<Response>;
  /** The JSON of one event. */
  onEvent(json: unknown): void;
  /** An event that was no JSON; its length alone. */
  onGarbage(length: number): void;
  /** The server wants to be left alone for so long before it is asked again. */
  onRetry(pauseMs: number): void;
  /** A new stream took over: events may have been missed in between. */
  onRenewed(): void;
  /** It is over, and nothing more comes. Told once, and not after `close`. */
  onLost(reason: string): void;
}

export interface Feed {
  /** Resolves when the stream is there, rejects with ApiError. */
  opened: Promise<void>;
  close(): void;
}

interface Stream {
  abort: AbortController;
  beganAt: number;
}

interface State {
  options: FeedOptions;
  current: Stream | undefined;
  lastEventId: string | undefined;
  cancelWatch: (() => void) | undefined;
  isRenewing: boolean;
  isOver: boolean;
}

const LARGEST_EVENT = 1_000_000;
// A server that ends each stream at once shall not be asked without pause.
const SHORTEST_LIFE_MS = 10_000;

/** Opens a stream and stays at it until it is lost or closed. */
export function openFeed(options: FeedOptions): Feed {
  const state: State = {
    options,
    current: undefined,
    lastEventId: undefined,
    cancelWatch: undefined,
    isRenewing: false,
    isOver: false,
  };
  return {
    opened: begin(state),
    close: () => end(state),
  };
}

interface EventHandlers {
  onData(data: string): void;
  /** A sign of life: an event or a comment. */
  onSign?: () => void;
  onId?: (id: string) => void;
  onRetry?: (pauseMs: number) => void;
}

/** Whether a response streams events. */
export function isStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') === true;
}

/** Reads a response's events until it ends. Rejects when it breaks, or when an event is too large. */
export async function readEvents(response: Response, { onData, onSign, onId, onRetry }: EventHandlers): Promise<void> {
  let fault: ParseError | undefined;
  const parser: EventSourceParser = createParser({
    maxBufferSize: LARGEST_EVENT,
    onEvent({ data }) {
      onSign?.();
      onData(data);
    },
    onComment: () => onSign?.(),
    ...(onId && { onId }),
    ...(onRetry && { onRetry }),
    onError(error) {
      // A field that nobody knows is none of our business; a buffer that is full ends the stream.
      if (error.type === 'max-buffer-size-exceeded') fault = error;
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (fault) throw new ApiError(`NFON sent an event of more than ${LARGEST_EVENT / 1e6} MB`, { cause: fault });
  }
}

async function begin(state: State): Promise<void> {
  const { options, lastEventId } = state;
  const stream: Stream = { abort: new AbortController(), beganAt: options.clock.elapsed() };
  const response = await options.begin({ signal: stream.abort.signal, lastEventId });
  if (state.isOver) return stream.abort.abort();
  if (!isStream(response)) {
    stream.abort.abort();
    throw new ApiError(`NFON answered ${options.what} with something that is no stream`);
  }
  const old = state.current;
  state.current = stream;
  old?.abort.abort();
  watch(state);
  void read(state, stream, response);
}

async function read(state: State, stream: Stream, response: Response): Promise<void> {
  const { options } = state;
  const isCurrent = () => state.current === stream && !state.isOver;
  try {
    await readEvents(response, {
      onSign: () => {
        if (isCurrent()) watch(state);
      },
      onRetry: options.onRetry,
      onId: (id) => {
        if (id.length <= 256 && /^[\x20-\x7e]*$/.test(id)) state.lastEventId = id;
      },
      onData(data) {
        if (!isCurrent()) return;
        const json = jsonIn(data);
        if (json === undefined) options.onGarbage(data.length);
        else options.onEvent(json);
      },
    });
    if (!isCurrent()) return;
    const livedMs = options.clock.elapsed() - stream.beganAt;
    if (livedMs < SHORTEST_LIFE_MS) return lose(state, `NFON ended ${options.what}`);
    await renew(state);
  } catch (error) {
    if (!isCurrent()) return;
    lose(state, error instanceof ApiError ? error.message : `${options.what} from NFON broke off`);
  } finally {
    // What is left unread of a response keeps its connection.
    stream.abort.abort();
  }
}

function watch(state: State): void {
  const { clock, silenceMs } = state.options;
  state.cancelWatch?.();
  state.cancelWatch = clock.after(silenceMs, () => void renew(state));
}

async function renew(state: State): Promise<void> {
  if (state.isRenewing || state.isOver) return;
  state.isRenewing = true;
  try {
    await begin(state);
    if (!state.isOver) state.options.onRenewed();
  } catch (error) {
    const why = error instanceof ApiError ? error.message : `${state.options.what} from NFON could not be renewed`;
    lose(state, why);
  } finally {
    state.isRenewing = false;
  }
}

function lose(state: State, reason: string): void {
  if (state.isOver) return;
  end(state);
  state.options.onLost(reason);
}

function end(state: State): void {
  state.isOver = true;
  state.cancelWatch?.();
  state.current?.abort.abort();
}
