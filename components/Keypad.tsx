// Tones into a call, for machines that ask for digits. Tones keep their order: one order is under way, what is pressed
// meanwhile goes with the next one. Nothing is sent twice by itself.
import { useRef, useState } from 'preact/hooks';
import type { Send } from '#lib/messages.ts';
import { Note } from './Note.tsx';
import { type OrderState, resultOf } from './use-orders.ts';
import { useRevealed } from './use-revealed.ts';
import { useWords } from './words.ts';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;
const MAX_TONES = 32;

export interface KeypadProps {
  lineId: string;
  callId: string;
  send: Send;
  isDisabled: boolean;
}

/** Twelve keys; while one of them has the focus the keyboard's digits press them too. */
export function Keypad({ lineId, callId, send, isDisabled }: KeypadProps) {
  const words = useWords();
  const [pressed, setPressed] = useState('');
  const [failure, setFailure] = useState<OrderState>();
  const waiting = useRef('');
  const isSending = useRef(false);
  const revealed = useRevealed<HTMLFieldSetElement>();

  function press(key: string): void {
    if (isDisabled) return;
    setPressed((before) => `${before}${key}`.slice(-MAX_TONES));
    waiting.current += key;
    if (!isSending.current) void sendWaiting();
  }

  async function sendWaiting(): Promise<void> {
    isSending.current = true;
    while (waiting.current !== '') {
      const digits = waiting.current.slice(0, MAX_TONES);
      waiting.current = waiting.current.slice(MAX_TONES);
      const result = await resultOf(send('command', { lineId, callId, order: { name: 'sendDtmf', args: { digits } } }));
      setFailure(result.type === 'done' ? undefined : result);
      // The machine at the other end would hear a number with a hole in it.
      if (result.type !== 'done') waiting.current = '';
    }
    isSending.current = false;
  }

  return (
    <fieldset
      class="keypad"
      ref={revealed}
      onKeyDown={(event) => {
        const key = KEYS.find((one) => one === event.key);
        if (key === undefined || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        press(key);
      }}
    >
      <legend class="unseen">{words.t('action_keypad')}</legend>
      <output class="keypad__pressed one-line" aria-label={words.t('keypad_pressed')}>
        {pressed}
      </output>
      <div class="keypad__keys">
        {KEYS.map((key) => (
          <button key={key} type="button" class="keypad__key" disabled={isDisabled} onClick={() => press(key)}>
            {key}
          </button>
        ))}
      </div>
      {failure?.type === 'failed' && <Note kind="error" text={words.error(failure.code, failure.params)} />}
      {failure?.type === 'unknown' && <Note kind="error" text={words.error('outcome-unknown')} />}
    </fieldset>
  );
}
