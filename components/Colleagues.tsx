// Colleagues' lines: who is free, who rings, who can be called or helped out. The order never changes by itself, so that
// no row moves away under the pointer.
import type { Line } from '@offhook/protocol';
import { useId, useState } from 'preact/hooks';
import type { HeldLine } from '#lib/phone.ts';
import { EmptyState } from './EmptyState.tsx';
import { Icon } from './icons.tsx';
import { LineRow } from './LineRow.tsx';
import type { Age } from './StatePill.tsx';
import type { Orders } from './use-orders.ts';
import { useWords } from './words.ts';

const SEARCH_FROM = 8;

export interface ColleaguesProps {
  lines: readonly HeldLine[];
  /** The own line that calls and picks up; undefined when there is none to do it with. */
  ownLine: Line | undefined;
  age: Age;
  orders: Orders;
  canOrder: boolean;
}

/** The list, with a search field from eight lines on. */
export function Colleagues({ lines, ...row }: ColleaguesProps) {
  const words = useWords();
  const [text, setText] = useState('');
  const headingId = useId();
  const found = matching(lines, text);
  return (
    <section class="colleagues" aria-labelledby={headingId}>
      <div class="colleagues__head">
        <h2 id={headingId} class="colleagues__title">
          {words.t('colleagues_heading')}
        </h2>
        {lines.length >= SEARCH_FROM && <Search text={text} onInput={setText} />}
        <span class="unseen" role="status">
          {text.trim() !== '' && words.plural('colleagues_found', found.length)}
        </span>
      </div>
      {lines.length === 0 && (
        <EmptyState icon="people" title={words.t('colleagues_empty_title')} hint={words.t('colleagues_empty_hint')} />
      )}
      {lines.length > 0 && found.length === 0 && (
        <EmptyState icon="search" title={words.t('colleagues_none_found', { text: text.trim() })} />
      )}
      <ul class="colleagues__list">
        {found.map(({ line }) => (
          <LineRow key={line.lineId} line={line} {...row} />
        ))}
      </ul>
    </section>
  );
}

function Search({ text, onInput }: { text: string; onInput: (text: string) => void }) {
  const { t } = useWords();
  return (
    <label class="search">
      <Icon name="search" />
      <span class="unseen">{t('colleagues_search')}</span>
      <input
        class="input search__input"
        type="search"
        placeholder={t('colleagues_search')}
        value={text}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  );
}

function matching(lines: readonly HeldLine[], text: string): readonly HeldLine[] {
  const words = text
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return lines;
  return lines.filter(({ line }) => {
    const name = line.name.toLocaleLowerCase();
    return words.every((word) => name.includes(word) || line.extension.startsWith(word));
  });
}
