// One step of the first run: a number until it is done, then a check mark; its state is a word, too.
import type { ComponentChildren } from 'preact';
import { Icon } from './icons.tsx';
import { useWords } from './words.ts';

export interface StepProps {
  title: string;
  state: 'open' | 'done';
  children?: ComponentChildren;
}

/** An item of the ordered list of steps. */
export function Step({ title, state, children }: StepProps) {
  const { t } = useWords();
  return (
    <li class={`welcome__step welcome__step--${state}`}>
      {state === 'done' && (
        <span class="welcome__check">
          <Icon name="check" />
        </span>
      )}
      <h3 class="welcome__name">
        {title}
        {state === 'done' && <span class="unseen">{` ${t('welcome_done')}`}</span>}
      </h3>
      {children}
    </li>
  );
}
