// The dialler behind the confirm card: begins with the number that was read, and calls exactly what the preview showed for
// it. Once the text is changed it is a typed number like any other.
import type { Line } from '@offhook/protocol';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Send } from '#lib/messages.ts';
import type { AskedReading } from '#lib/read-asked.ts';
import { createDialler, type Dialler, type DiallerState } from './dialler.ts';
import { canCall } from './LineChoice.tsx';
import { resultOf } from './use-orders.ts';
import { useWords } from './words.ts';

// Long enough to be read.
const DONE_MS = 1_200;

/** One dialler for one reading; both must stay the same for as long as the card is shown. */
export function useAskedDialler(
  send: Send,
  {
    reading,
    line,
    canOrder,
    onDialled,
  }: { reading: AskedReading; line: Line | undefined; canOrder: boolean; onDialled: () => void },
) {
  const words = useWords();
  const [shownText] = useState(() =>
    reading.type === 'number' ? words.number(reading.number, { isKnown: true }) : '',
  );
  const [isDialled, setDialled] = useState(false);
  const [state, setState] = useState<DiallerState>();
  // The dialler outlives renders, these may not: they are read when they are needed.
  const latest = useRef({ send, onDialled });
  latest.current = { send, onDialled };
  const kept = useRef<Dialler | undefined>(undefined);
  kept.current ??= createDialler({
    preview: (onLine, number) => latest.current.send('preview', { lineId: onLine, number }),
    async call(onLine, order) {
      const result = await resultOf(latest.current.send('command', { lineId: onLine, order }));
      if (result.type === 'done') setDialled(true);
      return result;
    },
    onChange: setState,
  });
  const dialler = kept.current;
  const lineId = line && canCall(line) ? line.lineId : undefined;
  const target = reading.type === 'number' ? reading.number : undefined;
  useEffect(() => dialler.setLine(lineId), [dialler, lineId]);
  useEffect(() => {
    dialler.setText(shownText);
    dialler.setTarget(target);
  }, [dialler]);
  useEffect(() => {
    if (canOrder && dialler.state().text !== '') dialler.refresh();
  }, [dialler, canOrder]);
  useEffect(() => {
    if (!isDialled) return;
    const timer = setTimeout(() => latest.current.onDialled(), DONE_MS);
    return () => clearTimeout(timer);
  }, [isDialled]);
  useEffect(() => () => dialler.close(), [dialler]);
  const now = state ?? dialler.state();
  return {
    // After the order the number stays where it was read.
    state: isDialled ? { ...now, text: now.text === '' ? shownText : now.text } : now,
    isDialled,
    isChanged: !isDialled && now.text !== shownText,
    submit: dialler.submit,
    confirm: dialler.confirm,
    cancel: dialler.cancel,
    change(text: string) {
      dialler.setText(text);
      // The text that was read means the number that was read.
      if (text === shownText) dialler.setTarget(target);
    },
  };
}
