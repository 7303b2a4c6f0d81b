// Where the caller window stands, remembered for the next one. The window looks itself: not every browser tells the worker
// when a window is moved.
import * as v from 'valibot';
import type { KeyValueStore } from './settings.ts';

/** Where a window stands and how large it is, in the screen's own pixels. */
export interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

const KEY = 'callerPlace';
const LOOK_MS = 1_000;

const PlaceSchema = v.object({
  left: v.pipe(v.number(), v.integer()),
  top: v.pipe(v.number(), v.integer()),
  width: v.pipe(v.number(), v.integer(), v.minValue(280), v.maxValue(2_000)),
  height: v.pipe(v.number(), v.integer(), v.minValue(240), v.maxValue(2_000)),
});

/** Where the last caller window stood, or undefined before the first one. */
export async function loadCallerPlace(store: KeyValueStore): Promise<Place | undefined> {
  const read = v.safeParse(PlaceSchema, (await store.get(KEY))[KEY]);
  return read.success ? read.output : undefined;
}

/** The parts of a window that are looked at. */
export interface PlacedWindow
  extends Pick<Window, 'screenX' | 'screenY' | 'outerWidth' | 'outerHeight' | 'addEventListener' | 'setInterval'> {
  document: Pick<Document, 'visibilityState'>;
}

/** Remembers the place of this window whenever it was moved or resized by then, for as long as the window lives. */
export function keepCallerPlace(view: PlacedWindow, store: KeyValueStore): void {
  let kept = JSON.stringify(placeOf(view));

  function look(): void {
    // A window that is minimised stands nowhere.
    if (view.document.visibilityState !== 'visible') return;
    const place = placeOf(view);
    const text = JSON.stringify(place);
    if (text === kept || !v.is(PlaceSchema, place)) return;
    kept = text;
    // Not remembered: the next one opens where the last but one stood.
    store.set({ [KEY]: place }).catch(() => undefined);
  }

  view.setInterval(look, LOOK_MS);
  view.addEventListener('resize', look);
  view.addEventListener('pagehide', look);
}

function placeOf({ screenX, screenY, outerWidth, outerHeight }: PlacedWindow): Place {
  return { left: screenX, top: screenY, width: outerWidth, height: outerHeight };
}
