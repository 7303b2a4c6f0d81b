// The rows of colleagues, few or thousands: only what is in sight is drawn. Arrow keys go from row to row, in the column
// in which the focus is; how many rows there are, and which one this is, is told to those who do not see it.
import type { Line } from '@offhook/protocol';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { LineRow, type LineRowProps } from './LineRow.tsx';
import type { Age } from './StatePill.tsx';
import { useAnchoredRows } from './use-anchored-rows.ts';
import { useWindow } from './use-window.ts';

/** Of every row, in pixels; line-row.css has the same. */
const ROW_HEIGHT = 40;

export interface LineListProps extends Omit<LineRowProps, 'line' | 'isFavourite' | 'order'> {
  lines: readonly Line[];
  favourites: ReadonlySet<string>;
  /** The name of the list, for those who do not see its heading. */
  label: string;
}

/** A list that scrolls. */
export function LineList({ lines, favourites, label, ...row }: LineListProps) {
  const [focusedId, setFocusedId] = useState<string>();
  const focusedAt = focusedId === undefined ? -1 : lines.findIndex(({ lineId }) => lineId === focusedId);
  const pinned = focusedAt === -1 ? undefined : focusedAt;
  const { scroller, places, reveal } = useWindow({ count: lines.length, rowHeight: ROW_HEIGHT, pinned });
  useAnchoredRows(scroller);
  const list = useRef<HTMLUListElement>(null);
  const wanted = useWantedFocus(list);
  // One column, as wide as the extensions here are long.
  const digits = useMemo(() => Math.min(5, Math.max(2, ...lines.map(({ extension }) => extension.length))), [lines]);

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -lines.length, End: lines.length }[
      event.key
    ];
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    const at = lines.findIndex((line) => line.lineId === lineIdAt(event.target));
    if (step === undefined || at === -1 || !button) return;
    event.preventDefault();
    const place = Math.max(0, Math.min(lines.length - 1, at + step));
    const lineId = lines[place]?.lineId;
    if (lineId === undefined) return;
    reveal(place);
    setFocusedId(lineId);
    wanted.ask(lineId, button.classList.contains('line-row__star') ? 'star' : 'action');
  }

  return (
    // The scroller is this element; the list inside it is as high as all its rows.
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the buttons inside
    <div
      class="colleagues__list"
      ref={scroller}
      onKeyDown={onKeyDown}
      onFocusIn={(event) => setFocusedId(lineIdAt(event.target))}
      onFocusOut={(event) => {
        if (event.relatedTarget !== null) setFocusedId(lineIdAt(event.relatedTarget));
      }}
    >
      <ul
        class="line-list"
        aria-label={label}
        ref={list}
        style={{ height: `${lines.length * ROW_HEIGHT}px`, '--digits': digits }}
      >
        {places.flatMap((place) => {
          const line = lines[place];
          if (!line) return [];
          return [
            <PlacedRow
              key={line.lineId}
              {...row}
              line={line}
              isFavourite={favourites.has(line.lineId)}
              order={row.orders.of(lineOrderKey(line))}
              place={place}
              count={lines.length}
              onToggleFavourite={(one) => {
                wanted.ask(one.lineId, 'star');
                row.onToggleFavourite(one);
              }}
            />,
          ];
        })}
      </ul>
    </div>
  );
}

/** Under which orders about a colleague's line are given. */
export function lineOrderKey({ lineId }: Line): string {
  return `line:${lineId}`;
}

function PlacedRow({ place, count, ...props }: LineRowProps & { place: number; count: number }) {
  const { line, age, ownLine, canOrder, isFavourite, order } = props;
  const shownAge = useCalmAge(age);
  // What a row calls back is the same for as long as the list is shown.
  const row = useMemo(
    () => <LineRow {...props} age={shownAge} />,
    [line, shownAge, ownLine, canOrder, isFavourite, order],
  );
  return (
    <li
      class="line-list__row"
      data-line-id={line.lineId}
      aria-setsize={count}
      aria-posinset={place + 1}
      style={{ top: `${place * ROW_HEIGHT}px` }}
    >
      {row}
    </li>
  );
}

// The clock goes on every second, what a row says of it every minute.
function useCalmAge({ now, staleSince, isFresh }: Age): Age {
  const minute = Math.floor(now / 60_000);
  // While all is fresh, when the relay was last heard is not shown.
  const since = isFresh ? undefined : staleSince;
  return useMemo(() => ({ now: minute * 60_000, staleSince: since, isFresh }), [minute, since, isFresh]);
}

function lineIdAt(target: EventTarget | null): string | undefined {
  if (!(target instanceof Element)) return undefined;
  return target.closest('[data-line-id]')?.getAttribute('data-line-id') ?? undefined;
}

// The focus goes to a row that may only be drawn after this, or to one that has moved and lost it on the way.
function useWantedFocus(list: { current: HTMLElement | null }) {
  const wanted = useRef<{ lineId: string; column: 'star' | 'action' } | undefined>(undefined);
  const [turn, setTurn] = useState(0);
  const focus = () => {
    const { current: target } = wanted;
    if (!target) return;
    const row = list.current?.querySelector(`[data-line-id="${CSS.escape(target.lineId)}"]`);
    const column = target.column === 'star' ? '.line-row__star' : 'button:not(.line-row__star, [disabled])';
    const button = row?.querySelector<HTMLElement>(column) ?? row?.querySelector<HTMLElement>('.line-row__star');
    if (!button) return;
    wanted.current = undefined;
    if (document.activeElement !== button) button.focus({ preventScroll: true });
  };
  useLayoutEffect(focus);
  useEffect(focus, [turn]);
  return {
    ask(lineId: string, column: 'star' | 'action') {
      wanted.current = { lineId, column };
      setTurn((before) => before + 1);
    },
  };
}
