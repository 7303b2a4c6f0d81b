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

/** Where something stands that must be seen although no place beside the number is free: the window's last corner. */
export function corner(chip: Size, view: Size): { x: number; y: number } {
  const x = Math.max(0, view.width - chip.width - 4 * EDGE_PX);
  return { x, y: Math.max(0, view.height - chip.height - 4 * EDGE_PX) };
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
