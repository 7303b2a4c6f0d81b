// Numbers on one live page, from finding to dialling: wires scanner, painter, chip and phone links to one document.
// Reads and paints; adds one element while a chip is shown, and otherwise leaves the page as it was, also at the end.
import type { PageNumber, PageSettings, Send } from '#lib/messages.ts';
import { findNumbers } from '#lib/numbers/find.ts';
import { readTelLink } from '#lib/numbers/tel-link.ts';
import { type Chip, type ChipView, createChip } from './chip.ts';
import type { ChipSkin } from './chip-host.ts';
import { answerCommand, type PageCommandHandlers, type ShownNumber } from './commands.ts';
import { textIn, viewOf } from './dom.ts';
import { createPhoneLinks, type PhoneLinks } from './links.ts';
import { rememberReading } from './marks.ts';
import { createNumberWalk, type NumberWalk } from './number-walk.ts';
import { createPainter } from './paint.ts';
import { listNumbers } from './reading.ts';
import { createScanner, type Scanner } from './scan.ts';
import { selectedTarget } from './selection.ts';
import type { Target } from './target.ts';
import { createTraces } from './traces.ts';
import { type Typing, watchTyping } from './typing.ts';

export interface PageScriptOptions {
  document: Document;
  send: Send;
  /** Hears the worker until the signal aborts: what `answer` returns is sent back, undefined is no answer at all. */
  listen: (answer: (message: unknown) => unknown, signal: AbortSignal) => void;
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
 * Asks for the settings of this page, then marks its numbers until closed and does what the worker asks for; asks again
 * when the worker says so and whenever the agent comes back to the page, since country and choices may have changed
 * elsewhere. Closes itself where the site is disabled.
 */
export function startPageScript(options: PageScriptOptions): PageScript {
  const life = new AbortController();
  const close = () => life.abort();
  let present: { settings: PageSettings; life: AbortController; work: Work } | undefined;
  const apply = (settings: PageSettings) => {
    const isSame =
      present?.settings.country === settings.country && present.settings.takesTelLinks === settings.takesTelLinks;
    if (life.signal.aborted || isSame) return;
    present?.life.abort();
    const itsLife = new AbortController();
    present = { settings, life: itsLife, work: startWork({ ...options, settings, life: itsLife, close }) };
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
  const handlers: PageCommandHandlers = {
    'list-numbers': () => present?.work.numbers() ?? [],
    'is-typing': () => present?.work.isTyping() ?? false,
    'next-number': () => present?.work.nextNumber() ?? { shown: false },
    'dial-selection': () => present?.work.dialSelection() ?? { shown: false },
    'settings-changed'() {
      ask();
      return { type: 'done' };
    },
  };
  const view = viewOf(options.document);
  view?.addEventListener('visibilitychange', comeBack, { capture: true, signal: life.signal });
  options.listen((message) => answerCommand(handlers, message), life.signal);
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

interface Work {
  numbers(): PageNumber[];
  isTyping(): boolean;
  nextNumber(): ShownNumber;
  dialSelection(): ShownNumber;
}

function startWork(options: WorkOptions): Work {
  const { document, openShadowRoot, settings, life } = options;
  const traces = createTraces(document);
  const painter = createPainter(document, traces);
  const chip = createChip({ ...options, scanner: () => scanner });
  const typing = watchTyping(document, openShadowRoot);
  const { country } = settings;
  const walk = createNumberWalk({ document, country, openShadowRoot, scanner: () => scanner });
  const scanner = createScanner({
    document,
    read: rememberReading((text, before) =>
      findNumbers(text, before === undefined ? { country } : { country, before }),
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
  const listen = createListening(document, life.signal, { chip, typing, walk, links: linksOf(options, scanner, chip) });
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
  return {
    numbers: () => listNumbers({ document, scanner, country }),
    isTyping: typing.isTyping,
    nextNumber() {
      const target = chip.lookBehind(() => walk.next(chip.reach));
      if (!target) chip.dismiss();
      return shownNumber(target);
    },
    dialSelection() {
      const target = selectedTarget({ document, openShadowRoot, country });
      return shownNumber(target && chip.reach(target) ? target : undefined);
    },
  };
}

function shownNumber(target: Target | undefined): ShownNumber {
  return target ? { shown: true, text: target.text } : { shown: false };
}

function linksOf({ settings }: WorkOptions, scanner: Scanner, chip: Chip): PhoneLinks {
  return createPhoneLinks({
    isActive: () => settings.takesTelLinks,
    openShadowRoot: (element) => scanner.rootOf(element) ?? null,
    canDial: ({ href }) => readTelLink(href, settings) !== undefined,
    dial: ({ anchor, href }) => {
      const number = readTelLink(href, settings);
      const shownText = (textIn(anchor, MAX_SHOWN_LENGTH) || href).slice(0, MAX_SHOWN_LENGTH);
      const where = { boxes: [...anchor.getClientRects()], element: anchor };
      if (number) chip.dialLink({ number, shownText, from: 'link' }, where);
    },
  });
}

interface Listeners {
  chip: Chip;
  links: PhoneLinks;
  typing: Typing;
  walk: NumberWalk;
}

// One listener per event on the document. Adding the same ones again does nothing while they are there.
function createListening(
  document: Document,
  signal: AbortSignal,
  { chip, links, typing, walk }: Listeners,
): () => void {
  const listeners = {
    pointermove: (event: PointerEvent) => chip.pointerMove(event),
    pointerout: (event: PointerEvent) => {
      if (event.relatedTarget === null) chip.pointerGone();
    },
    pointerdown: (event: PointerEvent) => {
      if (event.isTrusted && !isOnChip(event)) {
        chip.pressedElsewhere();
        walk.forget();
      }
      links.pointerDown(event);
    },
    pointerup: (event: PointerEvent) => links.pointerUp(event),
    pointercancel: () => links.pointerCancel(),
    click: (event: MouseEvent) => links.click(event),
    scroll: () => chip.verify(),
    input: typing.seen,
    keydown: (event: KeyboardEvent) => {
      // On the chip the chip itself hears its keys.
      if (isOnChip(event)) return;
      typing.seen(event);
      if (event.isTrusted && event.key === 'Tab') walk.forget();
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
