// What counts as a press on chip and card: one real click on one of their buttons, or Enter or Space on it after our own
// keyboard commands put the focus there. Pressed on what the page still showed and a person could see, released there.
// Everything else does nothing.
import type { ChipHost } from './chip-host.ts';
import { createGesture, isRepeatedClick } from './gesture.ts';
import { isOpening, type PressedButton } from './pressed-button.ts';

/** What became of a press that was completed: on what was shown at its beginning, or on what the page hides. */
export interface PressActions<Shown> {
  /** What is shown and still true, at the beginning of a press on a button. */
  pressed: (button: PressedButton) => Shown | undefined;
  done: (shown: Shown) => void;
  covered: () => void;
}

type Host = Pick<ChipHost<unknown>, 'listen' | 'sightAt' | 'buttonOf'>;

interface Pressed<Shown> {
  button: PressedButton;
  shown: Shown | 'covered';
}

/** Watches chip and card for clicks. */
export function takeClicks<Shown extends object>(host: Host, on: PressActions<Shown>): void {
  const gesture = createGesture<Pressed<Shown>>();
  host.listen('pointerdown', (event) => {
    gesture.down(event, pressedAt(host, on, { event, point: { x: event.clientX, y: event.clientY } }));
  });
  host.listen('pointerup', (event) => gesture.up(event));
  host.listen('pointercancel', () => gesture.cancel());
  host.listen('click', (event) => {
    const pressed = gesture.click(event);
    if (pressed === undefined || isRepeatedClick(event)) return;
    finish(pressed, host.buttonOf(event), on);
  });
}

/** Watches them for keys while `isLent`, the focus is there by our own command. Escape and Tab `leave`; arrows `open`. */
export function takeKeys<Shown extends object>(
  host: Host,
  on: PressActions<Shown> & {
    isLent: () => boolean;
    leave: () => void;
    /** Whether the focus went to another of several; arrows pass by a list, which they would choose in. */
    move: (step: 1 | -1, among: 'buttons' | 'all') => boolean;
    /** Down on the chip's only button. */
    open: () => void;
  },
): void {
  let pressed: ({ key: string } & Pressed<Shown>) | undefined;
  host.listen('keydown', (event) => {
    // Letters choose in a list of countries, and mean nothing to the page.
    if (isChoosing(event)) event.stopPropagation();
    if (!isOwnKey(event) || !on.isLent()) return;
    if (isChoosing(event) && event.key !== 'Escape' && event.key !== 'Tab') return;
    if (event.key === 'Escape' || MOVES[event.key] !== undefined) {
      pressed = undefined;
      walk(event, on);
      return;
    }
    keep(event);
    // A key that was already held when the chip came repeats itself, and means something else.
    if (event.repeat) return;
    const now = hasModifier(event) ? undefined : pressedAt(host, on, { event });
    pressed = now && { key: event.key, ...now };
  });
  host.listen('keyup', (event) => {
    if (isChoosing(event)) event.stopPropagation();
    if (isChoosing(event) || !isOwnKey(event)) return;
    const done = pressed;
    pressed = undefined;
    if (!on.isLent()) return;
    keep(event);
    if (done?.key !== event.key || hasModifier(event)) return;
    finish(done, host.buttonOf(event), on);
  });
  host.listen('focusout', () => {
    pressed = undefined;
  });
}

const MOVES: Readonly<Record<string, 1 | -1 | undefined>> = { Tab: 1, ArrowDown: 1, ArrowUp: -1 };

// Away from the chip, or on to the card and from button to button in it.
function walk(event: KeyboardEvent, on: Pick<Parameters<typeof takeKeys>[1], 'leave' | 'move' | 'open'>): void {
  keep(event);
  if (event.key === 'Escape') return on.leave();
  const step = event.key === 'Tab' && event.shiftKey ? -1 : (MOVES[event.key] ?? 1);
  if (on.move(step, event.key === 'Tab' ? 'all' : 'buttons')) return;
  if (event.key === 'Tab') on.leave();
  else if (step === 1) on.open();
}

function isChoosing({ target }: KeyboardEvent): boolean {
  return typeof HTMLSelectElement !== 'undefined' && target instanceof HTMLSelectElement;
}

// Released on the very button on which it was pressed.
function finish<Shown>(
  { button, shown }: Pressed<Shown>,
  released: PressedButton | undefined,
  on: Pick<PressActions<Shown>, 'done' | 'covered'>,
): void {
  if (released !== button) return;
  if (shown === 'covered') on.covered();
  else on.done(shown);
}

function pressedAt<Shown extends object>(
  host: Host,
  on: PressActions<Shown>,
  { event, point }: { event: Event; point?: { x: number; y: number } },
): Pressed<Shown> | undefined {
  const button = host.buttonOf(event);
  if (button === undefined) return undefined;
  const sight = host.sightAt(point);
  // To look closer is no order: it needs not be thought over.
  const isSoon = sight === 'soon' && !isOpening(button);
  const shown = isSoon ? undefined : on.pressed(button);
  return shown && { button, shown: sight === 'covered' ? 'covered' : shown };
}

function isOwnKey({ isTrusted, isComposing, key }: KeyboardEvent): boolean {
  return isTrusted && !isComposing && (['Enter', ' ', 'Escape'].includes(key) || MOVES[key] !== undefined);
}

function hasModifier({ ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey || shiftKey;
}

// The page neither hears what is meant for the chip nor does the browser do more with it.
function keep(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}
