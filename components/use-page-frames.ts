// The sites of frames on the page in front that are not in use. They are asked for as the page's numbers are: when a view
// is shown, when another page may be in front, and every other second, since pages load their frames late.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Send } from '#lib/messages.ts';

const AGAIN_MS = 2000;

/** None until the first answer. `pageTurn` grows when it is to be asked again. */
export function usePageFrames(send: Send, pageTurn: number): readonly string[] {
  const [sites, setSites] = useState<readonly string[]>([]);
  const latestSend = useRef(send);
  latestSend.current = send;
  useEffect(() => {
    let isPast = false;
    const ask = () => {
      latestSend.current('page-frames', {}).then(
        (answer) => {
          if (!isPast) setSites((before) => (before.join() === answer.sites.join() ? before : answer.sites));
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
  return sites;
}
