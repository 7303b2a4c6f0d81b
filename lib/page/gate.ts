// The gate: finds out whether a frame holds anything worth the page script, in slices of a millisecond, says so until it
// is heard, and ends. It is injected into every frame of an enabled site before the page is read, and begins once the page
// is there: no imports but types and three tiny modules, ≤ 4 kB.
import { type Presence, presenceOf, setPresence } from './presence.ts';
import { adoptStyle, dropStyle } from './style.ts';

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
const LONGEST_WAIT_MS = 2_000;
const LATE_LOOKS_MS = [1_500, 5_000];
// A worker that could not be reached is asked again; one that has said no often enough means it.
const ASK_AGAIN_MS = [1_500, 5_000, 30_000];
const THREE_DIGITS = /\p{Nd}[\s\S]{0,24}?\p{Nd}[\s\S]{0,24}?\p{Nd}/u;
// TAPIMaster's links name their verb; which host and port they go to is a matter of the site's rule.
const PHONE_LINK = /^\s*(?:tel|callto|sips?):|makecall/i;
const EVENTS = ['input', 'pointerover'];
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
      // Not to be used here: nothing stays.
      if (!isHeard && ms === undefined) dropStyle(scope, document);
      if (ms === undefined || !isAlive()) gate.close();
      else if (!isOver) later(watch, ms);
    });
  };
  const met = ({ target }: Event) => {
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
    for (const type of EVENTS) EventTarget.prototype.removeEventListener.call(document, type, met, true);
  };
  const watch = () => {
    // The document, not its element: about:blank frames are empty at first, and document.open replaces the element.
    observer.observe(document, { childList: true, characterData: true, subtree: true });
    for (const type of EVENTS) EventTarget.prototype.addEventListener.call(document, type, met, true);
    look(document);
    // A shadow root attached after its host was inserted is not reported by any observer; later ones are met by the pointer.
    for (const ms of LATE_LOOKS_MS) later(() => look(document), ms);
  };
  if (isOver) return gate;
  presenceOf(scope, 'gate')?.close();
  setPresence(scope, 'gate', gate);
  adoptStyle(scope, document);
  const begin = (waitedMs: number) => {
    if (isOver) return;
    // By looking: a listener would go when the document is written anew. Some documents are written on for ever.
    if (document.readyState === 'loading' && waitedMs < LONGEST_WAIT_MS) later(() => begin(waitedMs + 50), 50);
    else watch();
  };
  begin(0);
  return gate;
}

function isWorthwhile(node: Node, openShadowRoot: (element: Element) => ShadowRoot | null): boolean {
  if (node instanceof Text) return THREE_DIGITS.test(node.data) && !UNREAD.test(node.parentNode?.nodeName ?? '');
  if (node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement) return THREE_DIGITS.test(node.value);
  if (node instanceof HTMLAnchorElement) return PHONE_LINK.test(node.getAttribute('href') ?? '');
  return node instanceof Element && openShadowRoot(node) !== null;
}
