// Where the caller window stands, as it looks itself.
import { expect, test } from 'vitest';
import { keepCallerPlace, loadCallerPlace, type PlacedWindow } from '#lib/caller-place.ts';
import { createFakeStorage } from '../fakes/storage.ts';

/** A window that can be moved, with its one timer in the test's hand. */
function aWindow() {
  const listeners = new Map<string, () => void>();
  const place = { screenX: 100, screenY: 50, outerWidth: 400, outerHeight: 440 };
  const document = { visibilityState: 'visible' as DocumentVisibilityState };
  let look = () => {};
  const view = {
    ...{ document },
    get screenX() {
      return place.screenX;
    },
    get screenY() {
      return place.screenY;
    },
    get outerWidth() {
      return place.outerWidth;
    },
    get outerHeight() {
      return place.outerHeight;
    },
    addEventListener: (type: string, listener: () => void) => void listeners.set(type, listener),
    setInterval(action: () => void) {
      look = action;
      return 1;
    },
  };
  return {
    view: view as unknown as PlacedWindow, // the parts of a window that are looked at
    place,
    document,
    tick: () => look(),
    emit: (type: string) => listeners.get(type)?.(),
  };
}

test('is remembered when it was moved, and only then', async () => {
  const store = createFakeStorage();
  const { view, place, tick } = aWindow();
  keepCallerPlace(view, store);
  tick();
  expect(await loadCallerPlace(store)).toBeUndefined();
  place.screenX = 900;
  tick();
  expect(await loadCallerPlace(store)).toEqual({ left: 900, top: 50, width: 400, height: 440 });
});

test.each(['resize', 'pagehide'])('is looked at on %s', async (event) => {
  const store = createFakeStorage();
  const { view, place, emit } = aWindow();
  keepCallerPlace(view, store);
  place.outerWidth = 500;
  emit(event);
  expect(await loadCallerPlace(store)).toMatchObject({ width: 500 });
});

test('of a minimised window, or one that has shrunk to nothing, is not remembered', async () => {
  const store = createFakeStorage();
  const { view, place, document, tick } = aWindow();
  keepCallerPlace(view, store);
  document.visibilityState = 'hidden';
  place.screenX = -32_000;
  tick();
  document.visibilityState = 'visible';
  place.outerHeight = 30;
  tick();
  expect(await loadCallerPlace(store)).toBeUndefined();
});
