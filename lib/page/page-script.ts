// Numbers on one live page, from finding to dialling: wires scanner, painter, chip and phone links to one document.
// Reads and paints; adds one element while a chip is shown, and otherwise leaves the page as it was, also at the end.
import type { PageSettings, Send } from '#lib/messages.ts';
import { findNumbers } from '#lib/numbers/find.ts';
import { readTelLink } from '#lib/numbers/tel-link.ts';
import { type ChipView, createChip } from './chip.ts';
import type { ChipSkin } from './chip-host.ts';
import { textIn, viewOf } from './dom.ts';
import { createPhoneLinks } from './links.ts';
import { rememberReading } from './marks.ts';
import { createPainter } from './paint.ts';
import { createScanner } from './scan.ts';
import { createTraces } from './traces.ts';

export interface PageScriptOptions {
  document: Document;
  send: Send;
  openShadowRoot: (element: Element) => ShadowRoot | null;
  skin: ChipSkin<ChipView>;
  /** False once the extension that started this script is gone (updated or removed): then it takes itself away. */
  isAlive: () => boolean;
}

/** A page script. `close` removes everything without trace; closing twice is harmless. */
export interface PageScript {
  close(): void;
  /** False once closed, for whatever reason. */
  isAtWork(): boolean;
}

const CHECK_MS = 2_000;
const MAX_SHOWN_LENGTH = 256;

/**
 * Asks for the settings of this page, then marks its numbers until closed; asks again whenever the agent comes back to
 * the page, since country and choices may have changed elsewhere. Closes itself where the site is disabled.
 */
export function startPageScript(options: PageScriptOptions): PageScript {
  const life = new AbortController();
  const close = () => life.abort();
  let present: { settings: PageSettings; life: AbortController } | undefined;
  const apply = (settings: PageSettings) => {
    const isSame =
      present?.settings.country === settings.country && present.settings.takesTelLinks === settings.takesTelLinks;
    if (life.signal.aborted || isSame) return;
    present?.life.abort();
    present = { settings, life: new AbortController() };
    work({ ...options, ...present, close });
  };
  const ask = () => {
    void options.send('page-settings', {}).then(
      (settings) => ('isDisabled' in settings ? close() : apply(settings)),
      // The worker cannot be asked: at the start, or for good once this script's extension is gone.
      () => {
        if (!present || !options.isAlive()) close();
      },
    );
  };
  const comeBack = () => {
    if (options.document.visibilityState === 'visible') ask();
  };
  const view = viewOf(options.document);
  view?.addEventListener('visibilitychange', comeBack, { capture: true, signal: life.signal });
  life.signal.addEventListener('abort', () => present?.life.abort());
  ask();
  return { close, isAtWork: () => !life.signal.aborted };
}

interface WorkOptions extends PageScriptOptions {
  settings: PageSettings;
  life: AbortController;
  /** Ends the whole script. */
  close: () => void;
}

function work(options: WorkOptions): void {
  const { document, send, openShadowRoot, settings, life } = options;
  const traces = createTraces(document);
  const painter = createPainter(document, traces);
  const chip = createChip({ document, scanner: () => scanner, send, skin: options.skin });
  const scanner = createScanner({
    document,
    read: rememberReading((text, before) =>
      findNumbers(text, before === undefined ? { country: settings.country } : { country: settings.country, before }),
    ),
    openShadowRoot,
    isOwn: (node) => chip.isOwn(node),
    onRoot: (root) => traces.addRoot(root),
    onBlock: (block, previous) => painter.update(block, previous),
    onSettled: () => {
      upkeep();
      chip.verify();
    },
    schedule: (slice) => void requestIdleCallback(slice, { timeout: 100 }),
  });
  const links = createPhoneLinks({
    isActive: () => settings.takesTelLinks,
    openShadowRoot: (element) => scanner.rootOf(element) ?? null,
    canDial: ({ href }) => readTelLink(href, settings) !== undefined,
    dial: ({ anchor, href }) => {
      const number = readTelLink(href, settings);
      const shownText = (textIn(anchor, MAX_SHOWN_LENGTH) || href).slice(0, MAX_SHOWN_LENGTH);
      if (number) chip.dialLink({ number, shownText, from: 'link' }, [...anchor.getClientRects()]);
    },
  });
  const listen = createListening(document, life.signal, { chip, links });
  const upkeep = () => {
    if (!options.isAlive()) return options.close();
    // A page may have cleared the registry or written itself anew, which drops listeners.
    traces.reassert();
    listen();
  };
  const timer = setInterval(() => {
    upkeep();
    scanner.lookAgain();
  }, CHECK_MS);
  life.signal.addEventListener('abort', () => {
    clearInterval(timer);
    scanner.close();
    chip.close();
    painter.close();
    traces.remove();
  });
  listen();
}

// One listener per event on the document. Adding the same ones again does nothing while they are there.
function createListening(
  document: Document,
  signal: AbortSignal,
  { chip, links }: { chip: ReturnType<typeof createChip>; links: ReturnType<typeof createPhoneLinks> },
): () => void {
  const listeners = {
    pointermove: (event: PointerEvent) => chip.pointerMove(event),
    pointerout: (event: PointerEvent) => {
      if (event.relatedTarget === null) chip.pointerGone();
    },
    pointerdown: (event: PointerEvent) => {
      if (event.isTrusted && !isOnChip(event)) chip.pressedElsewhere();
      links.pointerDown(event);
    },
    pointerup: (event: PointerEvent) => links.pointerUp(event),
    pointercancel: () => links.pointerCancel(),
    click: (event: MouseEvent) => links.click(event),
    scroll: () => chip.verify(),
    keydown: (event: KeyboardEvent) => {
      if (event.isTrusted && event.key === 'Escape') chip.dismiss();
    },
  };
  const isOnChip = (event: Event) => event.target instanceof Node && chip.isOwn(event.target);
  viewOf(document)?.addEventListener('resize', () => chip.verify(), { signal });
  return () => {
    for (const [type, listener] of Object.entries(listeners)) {
      // Each listener stands under the name of its own event type.
      const callback = listener as EventListener;
      EventTarget.prototype.addEventListener.call(document, type, callback, {
        capture: true,
        passive: type !== 'click',
        signal,
      });
    }
  };
}
