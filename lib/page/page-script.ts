// Numbers on one live page, from finding to dialling: wires scanner, painter, chip and phone links to one document.
// Reads and paints; adds one element while a chip is shown, and otherwise leaves the page as it was, also at the end.
import type { PageSettings, Send } from '#lib/messages.ts';
import { findNumbers } from '#lib/numbers/find.ts';
import { readTelLink } from '#lib/numbers/tel-link.ts';
import { type ChipView, createChip } from './chip.ts';
import type { ChipSkin } from './chip-host.ts';
import { textOf } from './dom.ts';
import { createPhoneLinks } from './links.ts';
import { rememberReading } from './marks.ts';
import { createPainter } from './paint.ts';
import { createScanner } from './scan.ts';

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

/** Asks for the settings of this page, then marks its numbers until closed. Does nothing where the site is disabled. */
export function startPageScript(options: PageScriptOptions): PageScript {
  const life = new AbortController();
  const close = () => life.abort();
  void options.send('page-settings', {}).then(
    (settings) => {
      if (life.signal.aborted) return;
      if ('isDisabled' in settings) close();
      else work({ ...options, settings, life });
    },
    // The worker cannot be asked: this script's extension is gone.
    close,
  );
  return { close, isAtWork: () => !life.signal.aborted };
}

function work(options: PageScriptOptions & { settings: PageSettings; life: AbortController }): void {
  const { document, send, openShadowRoot, settings, life } = options;
  const painter = createPainter(document);
  const chip = createChip({ document, scanner: () => scanner, send, skin: options.skin });
  const scanner = createScanner({
    document,
    read: rememberReading((text, before) =>
      findNumbers(text, before === undefined ? { country: settings.country } : { country: settings.country, before }),
    ),
    openShadowRoot,
    isOwn: (node) => chip.isOwn(node),
    onRoot: (root) => painter.addRoot(root),
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
    onDial: ({ anchor, href }) => {
      const number = readTelLink(href, settings);
      const shownText = (textOf(anchor)?.replace(/\s+/g, ' ').trim() || href).slice(0, 256);
      if (number) chip.dialLink({ number, shownText, from: 'link' }, [...anchor.getClientRects()]);
      return number !== undefined;
    },
  });
  const listen = createListening(document, life.signal, { chip, links });
  const upkeep = () => {
    if (!options.isAlive()) return life.abort();
    // A page may have cleared the registry or written itself anew, which drops listeners.
    painter.reassert();
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
      if (event.isTrusted && !isOnChip(event)) chip.dismiss();
      links.pointerDown(event);
    },
    pointerup: (event: PointerEvent) => links.pointerUp(event),
    pointercancel: () => links.pointerCancel(),
    click: (event: MouseEvent) => links.click(event),
    scroll: () => chip.pointerGone(),
    keydown: (event: KeyboardEvent) => {
      if (event.isTrusted && event.key === 'Escape') chip.dismiss();
    },
  };
  const isOnChip = (event: Event) => event.target instanceof Node && chip.isOwn(event.target);
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
