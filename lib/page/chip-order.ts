// One order of the chip at a time, and what is said about it. Never repeats one: what got no answer may have been dialled.
import type { OrderResult, Send } from '#lib/messages.ts';
import type { DialRequest } from '#lib/page-facts.ts';
import type { ChipView } from './chip.ts';
import type { ChipHost } from './chip-host.ts';
import type { Box } from './place.ts';

/** Where it is said. */
export interface OrderPlace {
  boxes: readonly Box[];
  element: Element | undefined;
}

export interface ChipOrder {
  isRunning(): boolean;
  /** Whether words about an order, or instead of one, are shown. */
  isShown(): boolean;
  forget(): void;
  /** Answers what became of it, undefined where nobody waits for that any more. */
  place(request: DialRequest, where: OrderPlace): Promise<OrderResult | undefined>;
  say(view: ChipView, where: OrderPlace): void;
}

// How long a result stays: long enough to be read.
const DONE_MS = 2_500;
const FAILED_MS = 8_000;

/** The orders of one chip. `onOver`: what was said has been read. */
export function createChipOrder({
  host,
  send,
  onOver,
}: {
  host: ChipHost<ChipView>;
  send: Send;
  onOver: () => void;
}): ChipOrder {
  let state: 'none' | 'running' | 'shown' = 'none';
  let timer: ReturnType<typeof setTimeout> | undefined;
  function say(view: ChipView, where: OrderPlace, forMs = FAILED_MS): void {
    clearTimeout(timer);
    state = 'shown';
    host.show(view, { ...where, kind: 'informs' });
    timer = setTimeout(onOver, forMs);
  }
  return {
    isRunning: () => state === 'running',
    isShown: () => state === 'shown',
    forget() {
      clearTimeout(timer);
      state = 'none';
    },
    async place(request, where) {
      clearTimeout(timer);
      state = 'running';
      const how = request.during?.how ?? 'call';
      host.show({ type: 'calling', how }, { ...where, kind: 'informs' });
      // Without an answer nobody knows whether the order arrived, and nobody repeats it.
      const result = await send('dial', request).catch((): OrderResult => ({ type: 'unknown' }));
      // The page script was closed meanwhile.
      if (state !== 'running') return undefined;
      say({ type: 'result', result, how }, where, result.type === 'done' ? DONE_MS : FAILED_MS);
      return result;
    },
    say: (view, where) => say(view, where),
  };
}
