// What became of the digits that the agent has selected on the page in front: that they are a number, or why not.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Send } from '#lib/messages.ts';
import type { ExplainedText } from '#lib/page-facts.ts';
import { Icon } from './icons.tsx';
import { useWords } from './words.ts';

/** Nothing while nothing with digits is selected. */
export function SelectionReasons({ reasons }: { reasons: readonly ExplainedText[] }) {
  const words = useWords();
  const { t } = words;
  if (reasons.length === 0) return null;
  return (
    <section class="reasons" aria-label={t('popup_why_not')}>
      <h2 class="reasons__title small muted">{t('popup_why_not')}</h2>
      <ul>
        {reasons.map((reason) => {
          const why = words.rule(reason);
          return (
            <li class="reasons__row" key={`${reason.text} ${reason.rule}`}>
              <span class={`reasons__icon${reason.isNumber ? ' reasons__icon--number' : ''}`}>
                <Icon name={reason.isNumber ? 'check' : 'minus'} />
              </span>
              <span class="reasons__text">
                <span class="one-line" title={reason.text}>
                  <bdi>{reason.text}</bdi>
                </span>
                <span class="small muted">{t(reason.isNumber ? 'popup_why_number' : 'popup_why_none', { why })}</span>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** The reasons of now: asked for when the view is shown, and when another page may be in front (`pageTurn` grows). */
export function useSelectionReasons(send: Send, pageTurn: number): readonly ExplainedText[] {
  const [reasons, setReasons] = useState<readonly ExplainedText[]>([]);
  const latestSend = useRef(send);
  latestSend.current = send;
  useEffect(() => {
    let isPast = false;
    latestSend.current('selection-reasons', {}).then(
      (answer) => {
        if (!isPast) setReasons(answer.reasons);
      },
      // The worker was stopped on the way: the next time it answers.
      () => undefined,
    );
    return () => {
      isPast = true;
    };
  }, [pageTurn]);
  return reasons;
}
