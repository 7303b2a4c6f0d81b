// What counts as a press on the chip: one real click, or Enter or Space after one of our keyboard commands put the focus
// there. Pressed on what the page still showed and a person could see, released there. Everything else does nothing.
import type { ChipHost } from './chip-host.ts';
import { createGesture, isRepeatedClick } from './gesture.ts';

/** What became of a press that was completed: on the chip as it was at its beginning, or on one that the page hides. */
export interface PressActions<Shown> {
  /** What is shown and still true, at the beginning of a press. */
  pressed: () => Shown | undefined;
  done: (shown: Shown) => void;
  covered: () => void;
}

type Host = Pick<ChipHost<unknown>, 'listen' | 'sightAt'>;

/** Watches the chip for clicks. */
export function takeClicks<Shown extends object>(host: Host, on: PressActions<Shown>): void {
  const gesture = createGesture<Shown | 'covered'>();
  host.listen('pointerdown', (event) => {
    gesture.down(event, pressedAt(host, on, { x: event.clientX, y: event.clientY }));
  });
  host.listen('pointerup', (event) => gesture.up(event));
  host.listen('pointercancel', () => gesture.cancel());
  host.listen('click', (event) => {
    const pressed = gesture.click(event);
    if (pressed === undefined || isRepeatedClick(event)) return;
    if (pressed === 'covered') on.covered();
    else on.done(pressed);
  });
}

/** Watches the chip for keys while `isLent`, the focus is there by our own command. Escape and Tab `leave`. */
export function takeKeys<Shown extends object>(
  host: Host,
  on: PressActions<Shown> & { isLent: () => boolean; leave: () => void },
): void {
  let pressed: { key: string; shown: Shown | 'covered' } | undefined;
  host.listen('keydown', (event) => {
    if (!isOwnKey(event) || !on.isLent()) return;
    keep(event);
    if (event.key === 'Escape' || event.key === 'Tab') {
      pressed = undefined;
      on.leave();
      return;
    }
    // A key that was already held when the chip came repeats itself, and means something else.
    if (event.repeat) return;
    const shown = hasModifier(event) ? undefined : pressedAt(host, on);
    pressed = shown && { key: event.key, shown };
  });
  host.listen('keyup', (event) => {
    if (!isOwnKey(event)) return;
    const done = pressed;
    pressed = undefined;
    if (!on.isLent()) return;
    keep(event);
    if (done?.key !== event.key || hasModifier(event)) return;
    if (done.shown === 'covered') on.covered();
    else on.done(done.shown);
  });
  host.listen('focusout', () => {
    pressed = undefined;
  });
}

function pressedAt<Shown extends object>(
  host: Host,
  on: PressActions<Shown>,
  point?: { x: number; y: number },
): Shown | 'covered' | undefined {
  const sight = host.sightAt(point);
  const shown = sight === 'soon' ? undefined : on.pressed();
  return shown && (sight === 'covered' ? 'covered' : shown);
}

function isOwnKey({ isTrusted, isComposing, key }: KeyboardEvent): boolean {
  return isTrusted && !isComposing && ['Enter', ' ', 'Escape', 'Tab'].includes(key);
}

function hasModifier({ ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey || shiftKey;
}

// The page neither hears what is meant for the chip nor does the browser do more with it.
function keep(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}
