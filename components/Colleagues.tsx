// Colleagues' lines: who is free, who rings, who can be called or helped out. Favourites stand first; apart from that the
// order never changes by itself, so that no row moves away under the pointer.
import type { Line } from '@offhook/protocol';
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import type { HeldLine } from '#lib/phone.ts';
import { Button } from './Button.tsx';
import { EmptyState } from './EmptyState.tsx';
import { Icon } from './icons.tsx';
import { LineList, lineOrderKey } from './LineList.tsx';
import { rings } from './LineRow.tsx';
import { matchingLines } from './line-search.ts';
import { OrderNote } from './OrderNote.tsx';
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
  /** Line ids, in the agent's order. */
  favourites: readonly string[];
  onFavourites: (favourites: string[]) => void;
  /** `few`: of many lines only favourites and who rings, until all are asked for. */
  shows: 'all' | 'few';
}

/** The list, with a search field from eight lines on. */
export function Colleagues({ lines, favourites, onFavourites, shows, ...row }: ColleaguesProps) {
  const words = useWords();
  const { t } = words;
  const [text, setText] = useState('');
  const [wantsAll, setWantsAll] = useState(false);
  const headingId = useId();
  const { starred, ids, toggle } = useFavourites(favourites, onFavourites);
  const ordered = useMemo(() => favouritesFirst(lines, ids), [lines, ids]);
  const isSearching = text.trim() !== '';
  const few = useFew(ordered, starred);
  const isShort = shows === 'few' && !wantsAll && !isSearching && few.length < lines.length;
  const found = useMemo(() => matchingLines(ordered, text).map(({ line }) => line), [ordered, text]);
  const shown = isShort ? few : found;

  return (
    <section class="colleagues" aria-labelledby={headingId}>
      <div class="colleagues__head">
        <h2 id={headingId} class="colleagues__title">
          {t('colleagues_heading')}
        </h2>
        {lines.length >= SEARCH_FROM && <Search text={text} onInput={setText} />}
        {shows === 'few' && few.length < lines.length && !isSearching && (
          <Button
            kind="ghost"
            label={wantsAll ? t('colleagues_few') : t('colleagues_all', { count: lines.length })}
            onClick={() => setWantsAll(!wantsAll)}
          />
        )}
        <span class="unseen" role="status">
          {isSearching && words.plural('colleagues_found', found.length)}
        </span>
      </div>
      {lines.length === 0 && (
        <EmptyState icon="people" title={t('colleagues_empty_title')} hint={t('colleagues_empty_hint')} />
      )}
      {lines.length > 0 && found.length === 0 && (
        <EmptyState icon="search" title={t('colleagues_none_found', { text: text.trim() })} />
      )}
      <Failures lines={shown} orders={row.orders} />
      {shown.length > 0 && (
        <LineList
          {...row}
          lines={shown}
          favourites={starred}
          label={t('colleagues_heading')}
          onToggleFavourite={toggle}
        />
      )}
    </section>
  );
}

// Rows have one height: what went wrong is told above them, with the name that it is about.
function Failures({ lines, orders }: { lines: readonly Line[]; orders: Orders }) {
  return lines.map((line) => {
    const key = lineOrderKey(line);
    const order = orders.of(key);
    if (!order || order.type === 'pending') return null;
    return (
      <div class="colleagues__failure" key={key}>
        <p class="small one-line" title={line.name}>
          <b>
            <bdi>{line.name}</bdi>
          </b>
        </p>
        <OrderNote order={order} onDismiss={() => orders.dismiss(key)} />
      </div>
    );
  });
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

// What is starred is shown at once, and kept in its own time: the next star counts on from this one. `toggle` stays the
// same for as long as the list is shown.
function useFavourites(stored: readonly string[], onFavourites: (favourites: string[]) => void) {
  const [wanted, setWanted] = useState<readonly string[]>();
  useEffect(() => setWanted(undefined), [stored.join(' ')]);
  const ids = wanted ?? stored;
  const latest = useRef({ ids, onFavourites });
  latest.current = { ids, onFavourites };
  const [toggle] = useState(() => ({ lineId }: Line) => {
    const now = latest.current;
    const next = now.ids.includes(lineId) ? now.ids.filter((one) => one !== lineId) : [...now.ids, lineId];
    latest.current = { ...now, ids: next };
    setWanted(next);
    now.onFavourites(next);
  });
  const starred = useMemo(() => new Set(ids), [ids]);
  return { starred, ids, toggle };
}

function favouritesFirst(lines: readonly HeldLine[], favourites: readonly string[]): readonly HeldLine[] {
  const byId = new Map(lines.map((held) => [held.line.lineId, held]));
  const first = favourites.flatMap((lineId) => byId.get(lineId) ?? []);
  if (first.length === 0) return lines;
  const starred = new Set(favourites);
  return [...first, ...lines.filter(({ line }) => !starred.has(line.lineId))];
}

// Of many lines the favourites, and below them who rings or rang while this was open: nobody's row goes away from under
// the pointer. All of them where there are few, or nothing to choose by.
function useFew(ordered: readonly HeldLine[], starred: ReadonlySet<string>): readonly Line[] {
  const [rang] = useState(() => new Set<string>());
  for (const { line } of ordered) if (rings(line)) rang.add(line.lineId);
  const lines = ordered.map(({ line }) => line);
  const few = lines.filter(({ lineId }) => starred.has(lineId) || rang.has(lineId));
  const hasFavourite = few.some(({ lineId }) => starred.has(lineId));
  return lines.length <= SEARCH_FROM || !hasFavourite ? lines : few;
}
