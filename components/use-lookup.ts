// To whom a number may belong, asked once for each number. Nothing is asked about numbers that nobody can own, and a
// failure is no news: the call itself says who is known.
import type { FoundContact, PhoneNumber } from '@offhook/protocol';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Send } from '#lib/messages.ts';

/** All contacts of a number, best first; undefined while that is not known. */
export function useLookup(send: Send, number: PhoneNumber): readonly FoundContact[] | undefined {
  const asked = number.kind === 'e164' ? number.number : undefined;
  const [found, setFound] = useState<{ asked: string; matches: readonly FoundContact[] }>();
  const latest = useRef(send);
  latest.current = send;
  useEffect(() => {
    if (asked === undefined) return;
    let isOver = false;
    const lookUp = async () => {
      const answer = await latest.current('lookup', { number: { kind: 'e164', number: asked } }).catch(() => undefined);
      if (!isOver && answer?.type === 'found') setFound({ asked, matches: answer.matches });
    };
    void lookUp();
    return () => {
      isOver = true;
    };
  }, [asked]);
  return found !== undefined && found.asked === asked ? found.matches : undefined;
}
