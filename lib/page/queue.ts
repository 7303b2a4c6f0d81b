// What waits for its turn: first in, first out, each once. Does not keep alive for long what is of no use any more, however
// long nobody has time for it.

export interface Queue<Entry> {
  add(entry: Entry): void;
  take(): Entry | undefined;
  delete(entry: Entry): boolean;
  has(entry: Entry): boolean;
  clear(): void;
}

const FEW = 2_000;

/** An empty queue; whenever it has doubled, it drops what `isOfUse` denies. */
export function createQueue<Entry extends object>(isOfUse: (entry: Entry) => boolean): Queue<Entry> {
  const entries = new Set<Entry>();
  // Goes on where it stood: a new one would pass by everything that was ever taken out.
  let iterator = entries.values();
  let limit = FEW;
  const thinOut = () => {
    for (const entry of entries) if (!isOfUse(entry)) entries.delete(entry);
    limit = Math.max(FEW, 2 * entries.size);
  };
  return {
    add(entry) {
      entries.add(entry);
      if (entries.size > limit) thinOut();
    },
    take() {
      let next = iterator.next();
      if (next.done) {
        iterator = entries.values();
        next = iterator.next();
      }
      if (next.value) entries.delete(next.value);
      return next.value;
    },
    delete: (entry) => entries.delete(entry),
    has: (entry) => entries.has(entry),
    clear: () => entries.clear(),
  };
}
