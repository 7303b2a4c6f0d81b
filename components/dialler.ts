// What happens between typing a number and the call: preview, confirmation, order. Only the number of the preview that
// belongs to the text as it stands is ever dialled; a late answer for an older text is dropped. That a call may have been
// dialled is said until the text is another one.
import type { CommandOrder, PhoneNumber } from '@offhook/protocol';
import type { DialPreview, OrderResult } from '#lib/messages.ts';
import { createOrderLock } from './order-lock.ts';
import { tokenOf } from './use-orders.ts';

export interface DiallerState {
  text: string;
  /** The number of the suggestion that is chosen; it is called instead of the text. */
  target: PhoneNumber | undefined;
  lineId: string | undefined;
  /** The answer for exactly this text and line; undefined while it is awaited. */
  preview: DialPreview | undefined;
  phase: 'idle' | 'checking' | 'ready' | 'calling';
  /** What came of the last order for this text. */
  result: Exclude<OrderResult, { type: 'done' }> | undefined;
  /** The relay's token for a call that it wants confirmed; only `confirm()` uses it. */
  confirm: string | undefined;
}

export interface Dialler {
  state(): DiallerState;
  /** Another text: no suggestion is chosen any more. */
  setText(text: string): void;
  setTarget(target: PhoneNumber | undefined): void;
  setLine(lineId: string | undefined): void;
  /** Calls what the preview showed. Before the preview has come it waits for that of the present text. */
  submit(): void;
  /** Calls what the relay wanted confirmed. A second Enter is no confirmation: this is a button of its own. */
  confirm(): void;
  /** Does not call what the relay wanted confirmed; the text stays. */
  cancel(): void;
  /** Asks anew, for instance when the relay is back. */
  refresh(): void;
  close(): void;
}

export interface DiallerOptions {
  preview(lineId: string, number: PhoneNumber): Promise<DialPreview>;
  call(lineId: string, order: CommandOrder): Promise<OrderResult>;
  onChange(state: DiallerState): void;
  /** How long a pause in typing must be before the relay is asked. */
  debounceMs?: number;
}

/** How long somebody must have been shown before a key calls them: in less nobody has read a name. */
export const SEEN_MS = 300;

/** A dialler without text. `onChange` hears every change; after `close` nothing more. */
export function createDialler({ preview, call, onChange, debounceMs = 120 }: DiallerOptions): Dialler {
  let state: DiallerState = {
    text: '',
    target: undefined,
    lineId: undefined,
    preview: undefined,
    phase: 'idle',
    result: undefined,
    confirm: undefined,
  };
  // Each change of text or line starts a new round; what belongs to an older round is void.
  let round = 0;
  let wantsCall = false;
  const lock = createOrderLock();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function change(patch: Partial<DiallerState>): void {
    state = { ...state, ...patch };
    onChange(state);
  }

  // While an order is under way its text stands still, so that its outcome is shown where it belongs.
  function restart(patch: Partial<DiallerState>): void {
    if (state.phase !== 'calling') startRound(patch);
  }

  function startRound(patch: Partial<DiallerState>): void {
    round += 1;
    wantsCall = false;
    clearTimeout(timer);
    timer = undefined;
    const next = { ...state, ...patch };
    const isAsked = (next.target !== undefined || isNumberLike(next.text)) && next.lineId !== undefined;
    change({
      ...patch,
      preview: undefined,
      // What nobody knows is no answer to the question that is asked anew.
      result: !('text' in patch || 'target' in patch) && state.result?.type === 'unknown' ? state.result : undefined,
      confirm: undefined,
      phase: isAsked ? 'checking' : 'idle',
    });
    // What a key would do is not said of somebody whom it does not call yet.
    if (isAsked) timer = setTimeout(() => void ask(), next.target === undefined ? debounceMs : SEEN_MS);
  }

  async function ask(): Promise<void> {
    const { text, target, lineId } = state;
    if (lineId === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    const asked = round;
    const number = target ?? { kind: 'raw', text: text.trim().slice(0, 256) };
    const answer = await previewOf(preview(lineId, number));
    if (asked !== round) return;
    change({ preview: answer, phase: 'ready' });
    if (wantsCall && answer.decision === 'allowed') void dial();
    wantsCall = false;
  }

  async function dial(): Promise<void> {
    const { lineId, preview: shown, confirm } = state;
    const number = shown?.number;
    if (lineId === undefined || !number || shown.decision === 'refused') return;
    // Another text is another order; the same one is not given twice in a moment.
    const release = lock.take(String(round), 'makeCall');
    if (!release) return;
    const started = round;
    change({ phase: 'calling', result: undefined, confirm: undefined });
    const args = confirm === undefined ? { number } : { number, confirm };
    const result = await call(lineId, { name: 'makeCall', args });
    release(result);
    if (started !== round) return;
    if (result.type === 'done') startRound({ text: '', target: undefined });
    else change({ phase: 'ready', result, confirm: tokenOf(result) });
  }

  return {
    state: () => state,
    setText: (text) => {
      if (text !== state.text) restart({ text, target: undefined });
    },
    setTarget: (target) => {
      if (JSON.stringify(target) !== JSON.stringify(state.target)) restart({ target });
    },
    setLine: (lineId) => {
      if (lineId !== state.lineId) restart({ lineId });
    },
    submit() {
      if (state.phase === 'ready' && state.confirm === undefined) void dial();
      if (state.phase !== 'checking') return;
      wantsCall = true;
      if (timer !== undefined) void ask();
    },
    confirm() {
      if (state.phase === 'ready' && state.confirm !== undefined) void dial();
    },
    cancel() {
      if (state.confirm !== undefined) change({ result: undefined, confirm: undefined });
    },
    refresh: () => restart({}),
    close() {
      round += 1;
      clearTimeout(timer);
    },
  };
}

/** Whether a text is meant to be dialled as it stands: a name is looked for instead, and nobody says of it that it is no number. */
export function isNumberLike(text: string): boolean {
  const digits = text.match(/[0-9]/g)?.length ?? 0;
  return text.trim() !== '' && (digits >= 3 || !/\p{L}/u.test(text));
}

async function previewOf(answer: Promise<DialPreview>): Promise<DialPreview> {
  try {
    return await answer;
  } catch {
    return { decision: 'refused', code: 'relay-unreachable' };
  }
}
