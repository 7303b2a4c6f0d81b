// What a page has changed, from the browser's records to blocks and parts to be read anew. The records are only gathered
// when they come, however many: what they mean is found out when there is time. Changes nothing itself.
import { blockOf, flowOf, isSkipped } from './assemble.ts';
import { isConnected, isElement } from './dom.ts';
import type { Labels } from './labels.ts';
import { createQueue } from './queue.ts';

export interface Changes {
  watch(root: Document | ShadowRoot): void;
  /** A part of the page to be walked through. */
  addPart(start: Node): void;
  /** Makes blocks of all that has changed, at once. */
  settle(): void;
  /** The next step of the same; false when nothing has changed. */
  step(): boolean;
  /** The next part to walk through. */
  nextPart(): Node | undefined;
  /** A walk has come to this one, and goes through it. */
  met(element: Element): void;
  close(): void;
}

const MUTATIONS: MutationObserverInit = { childList: true, characterData: true, subtree: true };
const CHANGED_PER_STEP = 20;

/** Gathers changes; `onBlock` hears of each block whose own lines may read otherwise. */
export function watchChanges({
  labels,
  isOwn,
  onBlock,
  onRecords,
}: {
  labels: Pick<Labels, 'forget' | 'changedBy'>;
  /** Whether a node is our own and no part of the page. */
  isOwn: (node: Node) => boolean;
  onBlock: (block: Element | ShadowRoot) => void;
  /** Something has changed. */
  onRecords: () => void;
}): Changes {
  const changed = createQueue<Node>(isConnected);
  const parts = createQueue<Node>(isConnected);
  const gather = (records: readonly MutationRecord[]) => {
    if (records.length === 0) return;
    labels.forget();
    for (const { target, addedNodes } of records) {
      if (isOwn(target)) continue;
      changed.add(target);
      for (const node of addedNodes) if (isElement(node) && !isOwn(node)) parts.add(node);
    }
    onRecords();
  };
  const observer = new MutationObserver(gather);
  const take = (node: Node) => {
    if (!isConnected(node)) return;
    const relabelled = labels.changedBy(node);
    if (relabelled) parts.add(relabelled);
    const block = lineHolderOf(node);
    if (block && !isOwn(block)) onBlock(block);
  };
  const step = (): boolean => {
    for (let count = 0; count < CHANGED_PER_STEP; count += 1) {
      const node = changed.take();
      if (!node) return count > 0;
      take(node);
    }
    return true;
  };
  return {
    watch(root) {
      observer.observe(root, MUTATIONS);
      parts.add(root);
      onRecords();
    },
    addPart: parts.add,
    settle() {
      gather(observer.takeRecords());
      while (step());
    },
    step,
    nextPart() {
      let part = parts.take();
      while (part && !isConnected(part)) part = parts.take();
      return part;
    },
    met: (element) => void parts.delete(element),
    close() {
      observer.disconnect();
      changed.clear();
      parts.clear();
    },
  };
}

// Whose own lines a changed node is a part of.
function lineHolderOf(node: Node): Element | ShadowRoot | undefined {
  if (node instanceof ShadowRoot) return node;
  if (isElement(node)) {
    if (isSkipped(node)) return undefined;
    const flow = flowOf(node);
    if (flow === 'block' || flow === 'apart') return node;
  }
  return blockOf(node, flowOf);
}
