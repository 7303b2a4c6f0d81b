// The agent's own lines: which, in which state, with what is set on them.
import type { Line } from '@offhook/protocol';
import type { HeldLine } from '#lib/phone.ts';
import type { Words } from '#lib/words.ts';
import { type Age, LinePill } from './StatePill.tsx';
import { useWords } from './words.ts';

/** One row for each own line. */
export function OwnLines({ lines, age }: { lines: readonly HeldLine[]; age: Age }) {
  const words = useWords();
  return (
    <ul class="own-lines" aria-label={words.t('lines_own')}>
      {lines.map(({ line }) => (
        <li class="own-line" key={line.lineId}>
          <span class="own-line__name one-line" title={line.name}>
            <b>{words.t('line_named', { extension: line.extension })}</b>{' '}
            <span class="muted small">
              <bdi>{line.device ?? line.name}</bdi>
            </span>
            {line.forward && <span class="own-line__forward small one-line">{forwardText(line.forward, words)}</span>}
          </span>
          <LinePill line={line} age={age} />
        </li>
      ))}
    </ul>
  );
}

function forwardText({ when, to }: NonNullable<Line['forward']>, words: Words): string {
  return words.t(`line_forward_${when}`, { number: words.number(to, { isKnown: false }) });
}
