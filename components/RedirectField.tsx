// Sends a call on to a colleague or a number: what is typed is searched among the colleagues, and each target is a button
// of its own. Enter alone sends nothing: a call given away by mistake cannot be taken back.
import type { PhoneNumber } from '@offhook/protocol';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { HeldLine } from '#lib/phone.ts';
import { Button } from './Button.tsx';
import { looksDiallable, matchingLines, plainExtension } from './line-search.ts';
import { useSteadyClicks } from './use-steady-clicks.ts';
import { useWords } from './words.ts';

const MOST_SHOWN = 5;

export interface RedirectFieldProps {
  colleagues: readonly HeldLine[];
  isDisabled: boolean;
  /** A colleague's extension, or the number as typed (`raw`), which the relay reads. */
  onRedirect: (to: PhoneNumber) => void;
}

/** A search field with the targets that match. */
export function RedirectField({ colleagues, isDisabled, onRedirect }: RedirectFieldProps) {
  const { t } = useWords();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  // It was opened to be typed into.
  useEffect(() => input.current?.focus(), []);
  const typed = text.trim();
  const reachable = matchingLines(colleagues, typed).filter(({ line }) => plainExtension(line) !== undefined);
  const targets = useStandingOrder(typed, reachable).slice(0, MOST_SHOWN);
  const isExact = targets.some(({ line }) => line.extension === typed);
  const isRaw = looksDiallable(typed) && !isExact;
  const steady = useSteadyClicks([isRaw, ...targets.map(({ line }) => line.lineId)].join());
  return (
    <div class="redirect" {...steady}>
      <label class="unseen" for={id}>
        {t('redirect_label')}
      </label>
      <input
        id={id}
        ref={input}
        class="input redirect__input"
        type="text"
        autocomplete="off"
        spellcheck={false}
        dir="auto"
        maxLength={128}
        placeholder={t('redirect_placeholder')}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.preventDefault();
        }}
      />
      <ul class="redirect__targets">
        {isRaw && (
          <li class="redirect__target">
            <span class="redirect__name one-line">
              <bdi>{typed}</bdi>
            </span>
            <Button
              icon="redirect"
              label={t('redirect_action')}
              title={t('redirect_to', { name: typed })}
              isDisabled={isDisabled}
              onClick={() => onRedirect({ kind: 'raw', text: typed })}
            />
          </li>
        )}
        {targets.map(({ line }) => (
          <li class="redirect__target" key={line.lineId}>
            <span class="line-row__extension muted one-line">{line.extension}</span>
            <span class="redirect__name one-line" title={line.name}>
              <bdi>{line.name}</bdi>
            </span>
            <span class="redirect__state one-line small muted">
              {line.dnd === true && line.state === 'idle' ? t('line_dnd') : t(`line_state_${line.state}`)}
            </span>
            <Button
              icon="redirect"
              shows="icon"
              label={t('redirect_to', { name: line.name })}
              isDisabled={isDisabled}
              onClick={() => onRedirect({ kind: 'internal', number: line.extension })}
            />
          </li>
        ))}
      </ul>
      {typed !== '' && targets.length === 0 && !looksDiallable(typed) && (
        <p class="note">{t('colleagues_none_found', { text: typed })}</p>
      )}
    </div>
  );
}

// Free ones first: a call is given to somebody who can take it. For as long as the text stands so does the order: who turns
// busy keeps the place that the pointer is on its way to.
function useStandingOrder(text: string, lines: readonly HeldLine[]): readonly HeldLine[] {
  const kept = useRef<{ text: string; ids: readonly string[] }>({ text, ids: [] });
  const before = kept.current.text === text ? kept.current.ids : [];
  const known = new Map(lines.map((held) => [held.line.lineId, held]));
  const come = lines.filter(({ line }) => !before.includes(line.lineId)).sort((a, b) => rank(a) - rank(b));
  const ids = [...before, ...come.map(({ line }) => line.lineId)];
  kept.current = { text, ids };
  return ids.flatMap((id) => known.get(id) ?? []);
}

function rank({ line }: HeldLine): number {
  return line.state === 'idle' && line.dnd !== true ? 0 : 1;
}
