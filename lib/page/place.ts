// Where the chip stands: beside the number, never over it, always inside the window. Pure geometry, in CSS pixels of the
// window.

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
export interface Size {
  width: number;
  height: number;
}

const GAP_PX = 6;
const EDGE_PX = 4;
// Number, country and one button.
const LEAST_CARD_PX = 120;

/**
 * The chip's top left corner for a number whose lines are `boxes` (reading order): right of its end, else below, above,
 * left; undefined where no place is free.
 */
export function placeChip(boxes: readonly Box[], chip: Size, view: Size): { x: number; y: number } | undefined {
  const last = boxes.at(-1);
  if (!last) return undefined;
  const middle = clamp((last.top + last.bottom - chip.height) / 2, EDGE_PX, view.height - chip.height - EDGE_PX);
  const along = clamp(last.right - chip.width, EDGE_PX, view.width - chip.width - EDGE_PX);
  const top = Math.min(...boxes.map((box) => box.top));
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  const left = Math.min(...boxes.map((box) => box.left));
  const places = [
    { x: last.right + GAP_PX, y: middle },
    { x: along, y: bottom + GAP_PX },
    { x: along, y: top - GAP_PX - chip.height },
    { x: left - GAP_PX - chip.width, y: middle },
  ];
  return places.find((place) => fits(place, chip, view) && !boxes.some((box) => covers(place, chip, box)));
}

/**
 * The card's top left corner and the height that it may take: right of the number's end, else below, above, left; where it
 * is too tall for all of these, in the larger room below or above. Undefined where it would cover the number, or show
 * hardly anything.
 */
export function placeCard(
  boxes: readonly Box[],
  card: Size,
  view: Size,
): { x: number; y: number; height: number } | undefined {
  const last = boxes.at(-1);
  if (!last || card.width + 2 * EDGE_PX > view.width) return undefined;
  const beside = clamp(last.top - GAP_PX, EDGE_PX, view.height - card.height - EDGE_PX);
  const along = clamp(last.left, EDGE_PX, view.width - card.width - EDGE_PX);
  const top = Math.min(...boxes.map((box) => box.top));
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  const left = Math.min(...boxes.map((box) => box.left));
  const places = [
    { x: last.right + GAP_PX, y: beside },
    { x: along, y: bottom + GAP_PX },
    { x: along, y: top - GAP_PX - card.height },
    { x: left - GAP_PX - card.width, y: beside },
  ];
  const free = places.find((place) => fits(place, card, view) && !boxes.some((box) => covers(place, card, box)));
  if (free) return { ...free, height: card.height };
  const [above, below] = [top - GAP_PX - EDGE_PX, view.height - bottom - GAP_PX - EDGE_PX];
  const whole = view.height - 2 * EDGE_PX;
  const roomy = [
    { x: Math.max(...boxes.map((box) => box.right)) + GAP_PX, y: EDGE_PX, height: whole },
    { x: left - GAP_PX - card.width, y: EDGE_PX, height: whole },
    below >= above
      ? { x: along, y: bottom + GAP_PX, height: below }
      : { x: along, y: top - GAP_PX - above, height: above },
  ];
  const { width } = card;
  return roomy.find(({ height, ...place }) => height >= LEAST_CARD_PX && fits(place, { width, height }, view));
}

/** Where something stands that must be seen although no place beside the number is free: the window's last corner. */
export function corner(chip: Size, view: Size): { x: number; y: number } {
  const x = Math.max(0, view.width - chip.width - 4 * EDGE_PX);
  return { x, y: Math.max(0, view.height - chip.height - 4 * EDGE_PX) };
}

/** Whether a point is within the smallest box around all of these. */
export function isWithin(boxes: readonly Box[], { x, y }: { x: number; y: number }): boolean {
  const isBeside = boxes.some(({ left }) => left <= x) && boxes.some(({ right }) => right >= x);
  return isBeside && boxes.some(({ top }) => top <= y) && boxes.some(({ bottom }) => bottom >= y);
}

function fits({ x, y }: { x: number; y: number }, chip: Size, view: Size): boolean {
  return x >= 0 && y >= 0 && x + chip.width <= view.width && y + chip.height <= view.height;
}

function covers({ x, y }: { x: number; y: number }, chip: Size, box: Box): boolean {
  return x < box.right && x + chip.width > box.left && y < box.bottom && y + chip.height > box.top;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
