// The numbers of the page in front. They are asked for when a view is shown, when another page may be in front, and every
// other second, since pages load late and change by themselves. An answer for a page that is gone is dropped.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PageNumber, Send } from '#lib/messages.ts';

const AGAIN_MS = 2000;

/** Undefined until the first answer. `pageTurn` grows when it is to be asked again. */
export function usePageNumbers(send: Send, pageTurn: number): readonly PageNumber[] | undefined {
  const [numbers, setNumbers] = useState<readonly PageNumber[]>();
  const latestSend = useRef(send);
  latestSend.current = send;
  useEffect(() => {
    let isPast = false;
    const ask = () => {
      latestSend.current('page-numbers', {}).then(
        (answer) => {
          if (!isPast) setNumbers((before) => (isSame(before, answer.numbers) ? before : answer.numbers));
        },
        // The worker was stopped on the way: the next time it answers.
        () => undefined,
      );
    };
    ask();
    const timer = setInterval(ask, AGAIN_MS);
    return () => {
      isPast = true;
      clearInterval(timer);
    };
  }, [pageTurn]);
  return numbers;
}

function isSame(before: readonly PageNumber[] | undefined, now: readonly PageNumber[]): boolean {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now);
}
