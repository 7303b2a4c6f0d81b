// Runs of a block → marks: the numbers found in them, each with its range in the page. Found texts are remembered, since
// pages rebuild the same rows over and over.
import type { FoundNumber } from '#lib/numbers/find.ts';
import { type BlockNode, offsetIn, pointAt, type Run } from './assemble.ts';

/** A number on the page: what was read, from which run, and where it stands. `text` is what the page shows. */
export interface Mark {
  found: FoundNumber;
  text: string;
  run: Run;
  range: StaticRange;
}

/** A block with the marks in it. Compared by identity: a block that is read anew is another one. */
export interface MarkedBlock {
  node: BlockNode;
  runs: readonly Run[];
  marks: readonly Mark[];
}

/** Reads one text. The same text with the same label is only read once in a while. */
export type ReadText = (text: string, before: string | undefined) => readonly FoundNumber[];

const MAX_MARKS_PER_BLOCK = 100;
const MAX_REMEMBERED = 1_000;
const MAX_REMEMBERED_LENGTH = 500;
const NONE: readonly FoundNumber[] = [];

/** The marks of a block's runs. */
export function markBlock(node: BlockNode, runs: readonly Run[], read: ReadText): MarkedBlock {
  const marks = runs.flatMap((run) =>
    read(run.text, run.before).flatMap((found) => {
      const range = rangeOf(run, found);
      return range ? [{ found, text: run.text.slice(found.start, found.end), run, range }] : [];
    }),
  );
  return { node, runs, marks: marks.slice(0, MAX_MARKS_PER_BLOCK) };
}

/** The mark that covers a point of the page. */
export function markAt(block: MarkedBlock, node: Text, offset: number): Mark | undefined {
  return block.marks.find(({ run, found }) => {
    const at = offsetIn(run, node, offset);
    return at !== undefined && at >= found.start && at <= found.end;
  });
}

/** Whether two readings of a block are the same text in the same nodes. */
export function isSameReading(a: readonly Run[], b: readonly Run[]): boolean {
  return a.length === b.length && a.every((run, index) => isSameRun(run, b[index]));
}

/** A reader that remembers the last thousand short texts. */
export function rememberReading(read: ReadText): ReadText {
  const known = new Map<string, readonly FoundNumber[]>();
  return (text, before) => {
    if (text.length > MAX_REMEMBERED_LENGTH) return read(text, before);
    const key = `${before ?? ''}\u0000${text}`;
    const remembered = known.get(key);
    if (remembered) return remembered;
    const found = read(text, before);
    // Most texts with digits hold no number: they share one answer.
    const kept = found.length === 0 ? NONE : found;
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(key, kept);
    return kept;
  };
}

function rangeOf(run: Run, { start, end }: FoundNumber): StaticRange | undefined {
  const from = pointAt(run, start, 'start');
  const to = pointAt(run, end, 'end');
  if (!from || !to) return undefined;
  return new StaticRange({
    startContainer: from.node,
    startOffset: from.offset,
    endContainer: to.node,
    endOffset: to.offset,
  });
}

function isSameRun(a: Run, b: Run | undefined): boolean {
  if (!b || a.text !== b.text || a.before !== b.before || a.pieces.length !== b.pieces.length) return false;
  return a.pieces.every(({ node, nodeStart }, index) => {
    const other = b.pieces[index];
    return other?.node === node && other.nodeStart === nodeStart;
  });
}
