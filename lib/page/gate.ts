// The gate: finds out whether a frame holds anything worth the page script, in slices of a millisecond, says so until it
// is heard, and ends. It is injected into every frame of an enabled site: no imports but types and three tiny modules, ≤ 4 kB.
import { type Presence, presenceOf, setPresence } from './presence.ts';

export interface GateOptions {
  document: Document;
  /** The isolated world's global object. */
  scope: object;
  openShadowRoot: (element: Element) => ShadowRoot | null;
  /** Reports that something was found; whether the page script came. Never rejects. */
  report: () => Promise<boolean>;
  isAlive: () => boolean;
}

const SLICE_MS = 1;
const LATE_LOOKS_MS = [1_500, 5_000];
// A worker that could not be reached is asked again; one that has said no often enough means it.
const ASK_AGAIN_MS = [1_500, 5_000, 30_000];
const THREE_DIGITS = /\p{Nd}[\s\S]{0,24}?\p{Nd}[\s\S]{0,24}?\p{Nd}/u;
const PHONE_LINK = /^\s*(?:tel|callto|sip):/i;
const UNREAD = /^(?:script|style|noscript|template)$/i;

/** Watches until something is found. Does nothing where a page script is at work; takes an older gate's place. */
export function startGate({ document, scope, openShadowRoot, report, isAlive }: GateOptions): Presence {
  const walkers: TreeWalker[] = [];
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let asked = 0;
  let isOver = presenceOf(scope, 'page')?.isAlive() === true;
  const later = (run: () => void, ms: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  };
  const observer = new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === 'characterData') look(target);
      else for (const node of addedNodes) look(node);
    }
  });
  const look = (node: Node) => {
    walkers.push(
      Document.prototype.createTreeWalker.call(document, node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT),
    );
    if (walkers.length === 1) later(slice, 0);
  };
  const slice = () => {
    if (!isAlive()) return gate.close();
    const endMs = performance.now() + SLICE_MS;
    for (let walker = walkers[0]; walker && !isOver; walker = walkers[0]) {
      if (performance.now() > endMs) return later(slice, 16);
      if (isWorthwhile(walker.currentNode, openShadowRoot)) return found();
      if (!walker.nextNode()) walkers.shift();
    }
  };
  const found = () => {
    pause();
    void report().then((isHeard) => {
      const ms = isHeard ? undefined : ASK_AGAIN_MS[asked++];
      if (ms === undefined || !isAlive()) gate.close();
      else if (!isOver) later(watch, ms);
    });
  };
  const typed = ({ target }: Event) => {
    if (target instanceof Element && isWorthwhile(target, openShadowRoot)) found();
  };
  const gate: Presence = {
    isAlive: () => !isOver && isAlive(),
    close() {
      isOver = true;
      pause();
    },
  };
  const pause = () => {
    observer.disconnect();
    walkers.length = 0;
    for (const timer of timers) clearTimeout(timer);
    EventTarget.prototype.removeEventListener.call(document, 'input', typed, true);
  };
  const watch = () => {
    // The document, not its element: about:blank frames are empty at first, and document.open replaces the element.
    observer.observe(document, { childList: true, characterData: true, subtree: true });
    EventTarget.prototype.addEventListener.call(document, 'input', typed, true);
    look(document);
    // A shadow root attached after its host was inserted is not reported by any observer.
    for (const ms of LATE_LOOKS_MS) later(() => look(document), ms);
  };
  if (isOver) return gate;
  presenceOf(scope, 'gate')?.close();
  setPresence(scope, 'gate', gate);
  watch();
  return gate;
}

function isWorthwhile(node: Node, openShadowRoot: (element: Element) => ShadowRoot | null): boolean {
  if (node instanceof Text) return THREE_DIGITS.test(node.data) && !UNREAD.test(node.parentNode?.nodeName ?? '');
  if (node instanceof HTMLInputElement) return THREE_DIGITS.test(node.value);
  if (node instanceof HTMLAnchorElement) return PHONE_LINK.test(node.getAttribute('href') ?? '');
  return node instanceof Element && openShadowRoot(node) !== null;
}
