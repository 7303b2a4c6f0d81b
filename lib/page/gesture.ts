// One gesture of a person: a trusted press, release and click on the same thing, without modifier and without drag.
// Pure bookkeeping. Enter on a button, a label's second click and everything that scripts dispatch must not pass:
// all of them are clicks without a press of their own.

/** What is needed of a pointer event. */
export interface PressEvent {
  isTrusted: boolean;
  isPrimary?: boolean;
  button: number;
  clientX: number;
  clientY: number;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** Whether a click is the second or a later one of a double click: by then the first has done what was wanted. */
export function isRepeatedClick({ detail }: Pick<UIEvent, 'detail'>): boolean {
  return detail > 1;
}

export interface Gesture<Target> {
  /** A press on a target, or on nothing that counts. */
  down(event: PressEvent, target: Target | undefined): void;
  up(event: PressEvent): void;
  cancel(): void;
  /** The target of the press, once, if this click completes it. */
  click(event: PressEvent): Target | undefined;
}

const MAX_DRAG_PX = 6;

/** Watches for one gesture after another; what was pressed is what comes out. */
export function createGesture<Target>(): Gesture<Target> {
  let pressed: { target: Target; x: number; y: number; isReleased: boolean } | undefined;
  const take = (event: PressEvent): Target | undefined => {
    const done = pressed;
    pressed = undefined;
    return done?.isReleased && counts(event) && isNear(event, done) ? done.target : undefined;
  };
  return {
    down(event, target) {
      if (!event.isTrusted) return;
      const isGood = target !== undefined && counts(event) && event.isPrimary !== false;
      pressed = isGood ? { target, x: event.clientX, y: event.clientY, isReleased: false } : undefined;
    },
    up(event) {
      if (!event.isTrusted || !pressed) return;
      if (counts(event) && isNear(event, pressed)) pressed = { ...pressed, isReleased: true };
      else pressed = undefined;
    },
    cancel() {
      pressed = undefined;
    },
    // A synthetic click in the middle neither counts nor disturbs.
    click: (event) => (event.isTrusted ? take(event) : undefined),
  };
}

function counts(event: PressEvent): boolean {
  return event.isTrusted && event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
}

function isNear(event: PressEvent, from: { x: number; y: number }): boolean {
  return Math.hypot(event.clientX - from.x, event.clientY - from.y) <= MAX_DRAG_PX;
}
