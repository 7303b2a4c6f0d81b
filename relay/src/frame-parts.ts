// What is too much for one frame goes in several. Frames stay small enough to be paced, and far enough below the largest
// one that a client must take, since what is in them may grow while they wait.

/** From this size on, a frame takes nothing more. */
export const PART_BYTES = 65_536;

/** What an item adds to a frame. */
export function bytesOf(item: unknown): number {
  return Buffer.byteLength(JSON.stringify(item)) + 1;
}

/**
 * The items in order, in parts of at most `PART_BYTES`; an item above that has a part of its own. At least one part, which
 * is empty if there is nothing.
 */
export function partsOf<Item>(items: readonly Item[], sizeOf: (item: Item) => number): Item[][] {
  const parts: Item[][] = [[]];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (bytes > 0 && bytes + size > PART_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(item);
    bytes += size;
  }
  return parts;
}
