// Numbers on one live page, from finding to dialling: wires scanner, painter, chip and phone links to one document.
// Reads and paints; adds one element while a chip is shown, and otherwise leaves the page as it was, also at the end.
import type { PageNumber, PageSettings, Send } from '#lib/messages.ts';
import type { ExplainedText } from '#lib/page-facts.ts';
import { type ReadBy, readingOf } from './card.ts';
import { type Chip, type ChipView, createChip } from './chip.ts';
import type { ChipSkin } from './chip-host.ts';
import { answerCommand, type PageCommandHandlers, type ShownNumber } from './commands.ts';
import { textIn, viewOf } from './dom.ts';
import { createExclusions } from './exclusions.ts';
import { type Field, focusedField } from './field.ts';
import { createPhoneLinks, isPhoneAddress, type PhoneLinks, readPhoneLink } from './links.ts';
import type { ReadText } from './marks.ts';
import { createNumberWalk, type NumberWalk } from './number-walk.ts';
import { createPainter } from './paint.ts';
import { asksForNone, createReader } from './reader.ts';
import { fieldTargets, listNumbers, type ReadPage } from './reading.ts';
import { createRecordCountry } from './record-country.ts';
import { createScanner, type Scanner } from './scan.ts';
import { selectedTarget } from './selection.ts';
import { dropStyle } from './style.ts';
import { elementTarget, type Target } from './target.ts';
import { createTextClicks, type TextClicks } from './text-clicks.ts';
import { createTraces } from './traces.ts';
import { type Typing, watchTyping } from './typing.ts';
import { explainSelection } from './why-not.ts';

export interface PageScriptOptions {
  document: Document;
  /** The isolated world's global object. */
  scope: object;
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
  let present: { key: string; life: AbortController; work: Work } | undefined;
  const chip = createChipOf(options, () => present?.work);
  let recordCountry = { labels: '', read: (): string | undefined => undefined };
  const apply = (asked: PageSettings) => {
    const { countryLabels = [] } = asked;
    const labels = countryLabels.join();
    if (labels !== recordCountry.labels) {
      recordCountry = { labels, read: createRecordCountry(options.document, countryLabels) };
    }
    const settings = settingsFor(asked, asked.ignoresRecordCountry ? undefined : recordCountry.read());
    const isQuiet = !settings.readsDespiteFormatDetection && asksForNone(options.document);
    const key = JSON.stringify([settings, isQuiet]);
    if (life.signal.aborted || present?.key === key) return;
    present?.life.abort();
    const itsLife = new AbortController();
    const work = startWork({ ...options, chip, settings, isQuiet, life: itsLife, again: () => apply(asked), close });
    present = { key, life: itsLife, work };
    chip.rulesChanged();
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
    'explain-selection': () => present?.work.explainSelection() ?? [],
    'settings-changed'() {
      ask();
      return { type: 'done' };
    },
  };
  const view = viewOf(options.document);
  view?.addEventListener('visibilitychange', comeBack, { capture: true, signal: life.signal });
  // A page that the browser had put aside whole (bfcache) is as old as its settings.
  view?.addEventListener('pageshow', ask, { capture: true, signal: life.signal });
  options.listen((message) => answerCommand(handlers, message), life.signal);
  life.signal.addEventListener('abort', () => {
    present?.life.abort();
    chip.close();
    dropStyle(options.scope, options.document);
  });
  ask();
  return { close, isAtWork: () => !life.signal.aborted };
}

/** The settings of a page with who said by which country it is read: its own record may. */
type WorkSettings = Omit<PageSettings, 'countryFrom'> & ReadBy;

function settingsFor({ countryFrom, ...asked }: PageSettings, named: string | undefined): WorkSettings {
  return named === undefined ? { ...asked, countryFrom } : { ...asked, country: named, countryFrom: 'record' };
}

// The chip outlives a change of the rules: it says what became of a decision about them.
function createChipOf(options: PageScriptOptions, work: () => Work | undefined): Chip {
  const present = (): Work => {
    const at = work();
    // Nothing is hovered or reached before there is something to read it by.
    if (!at) throw new Error('the page is not read yet');
    return at;
  };
  return createChip({
    ...options,
    scanner: () => present().scanner,
    fieldTarget: (field) => present().restingTarget(field),
    readingOf: (target) => readingOf(target, present().settings),
  });
}

interface WorkOptions extends PageScriptOptions {
  chip: Chip;
  settings: WorkSettings;
  /** The page asks that no numbers be marked, and the agent has not said otherwise: its phone links are left. */
  isQuiet: boolean;
  life: AbortController;
  /** The page may want something else now. */
  again: () => void;
  /** Ends the whole script. */
  close: () => void;
}

interface Work {
  scanner: Scanner;
  settings: WorkSettings;
  restingTarget(field: Field): Target | undefined;
  explainSelection(): ExplainedText[];
  numbers(): PageNumber[];
  isTyping(): boolean;
  nextNumber(): ShownNumber;
  dialSelection(): ShownNumber;
}

function startWork(options: WorkOptions): Work {
  const { document, openShadowRoot, chip, settings, isQuiet, life } = options;
  const traces = createTraces(document, options.scope);
  const painter = createPainter(traces);
  const typing = watchTyping(document, openShadowRoot);
  const { country, phoneLinks = [], alwaysColumns } = settings;
  const read: ReadText = isQuiet ? () => [] : createReader(settings);
  const excludes = createExclusions(document, settings.skip ?? []);
  const readPage = (): ReadPage => ({ document, scanner, read, excludes, country, phoneLinks, alwaysColumns });
  const walk = createNumberWalk({ document, openShadowRoot, readPage });
  const scanner = createScanner({
    document,
    read,
    excludes,
    // What we show ourselves is no part of the page, whatever it says.
    openShadowRoot: (element) => (chip.isOwn(element) ? null : openShadowRoot(element)),
    isOwn: (node) => chip.isOwn(node),
    onRoot: (root) => traces.addRoot(root),
    onBlock: (block, previous) => painter.update(block, previous),
    onSettled: () => {
      upkeep();
      chip.verify();
    },
    schedule: (slice) => void requestIdleCallback(slice, { timeout: 100 }),
  });
  const listen = createListening(document, life.signal, {
    chip,
    typing,
    walk,
    links: linksOf(options, scanner, chip),
    texts: textsOf(options, chip),
  });
  const upkeep = () => {
    if (!options.isAlive()) return options.close();
    // A page may have cleared the registry or written itself anew, which drops listeners.
    traces.reassert();
    listen();
  };
  const timer = setInterval(() => {
    upkeep();
    scanner.lookAgain();
    options.again();
  }, CHECK_MS);
  life.signal.addEventListener('abort', () => {
    clearInterval(timer);
    scanner.close();
    painter.close();
    traces.remove();
  });
  listen();
  let selected: Target | undefined;
  return {
    scanner,
    settings,
    restingTarget: (field) => restingTarget(field, readPage(), openShadowRoot),
    explainSelection: () => explainSelection({ document, openShadowRoot, excludes, settings, isQuiet }),
    numbers: () => listNumbers(readPage()),
    isTyping: typing.isTyping,
    nextNumber() {
      const target = chip.lookBehind(() => walk.next(chip.reach));
      if (!target) chip.dismiss();
      return shownNumber(target);
    },
    dialSelection() {
      const target = selectedTarget({ document, openShadowRoot, country });
      // The same command once more: the card. A field does not tell what is selected in it while the chip has the focus.
      const isSame = selected !== undefined && (!target || target.text === selected.text);
      if (isSame && chip.openReached() === selected) return shownNumber(selected);
      selected = target && chip.reach(target) ? target : undefined;
      return shownNumber(selected);
    },
  };
}

// What is being written in is left alone, and several numbers in one box are not told apart by where the pointer is.
function restingTarget(
  field: Field,
  page: ReadPage,
  openShadowRoot: (element: Element) => ShadowRoot | null,
): Target | undefined {
  if (focusedField(page.document, openShadowRoot) === field) return undefined;
  const targets = fieldTargets(field, page);
  return targets.length === 1 ? targets[0] : undefined;
}

function shownNumber(target: Target | undefined): ShownNumber {
  return target ? { shown: true, text: target.text } : { shown: false };
}

function linksOf({ document, settings }: WorkOptions, scanner: Scanner, chip: Chip): PhoneLinks {
  const { country, phoneLinks = [] } = settings;
  const read = (href: string) => readPhoneLink(href, { country, phoneLinks });
  return createPhoneLinks({
    isActive: () => settings.takesTelLinks,
    isPhoneLink: (href) => isPhoneAddress(href, phoneLinks),
    openShadowRoot: (element) => scanner.rootOf(element) ?? null,
    canDial: ({ href }) => read(href) !== undefined,
    dial: ({ anchor, href }) => {
      const target = elementTarget(anchor, document, () => {
        const number = read(href);
        return number && { number, text: textIn(anchor, MAX_SHOWN_LENGTH) || href, isFax: false, href };
      });
      if (target) chip.dialLink({ ...target, boxes: () => [...anchor.getClientRects()] });
    },
  });
}

function textsOf({ settings }: WorkOptions, chip: Chip): TextClicks {
  return createTextClicks({
    isActive: () => settings.takesTextClicks === true,
    shownAt: chip.shownAt,
    dial: chip.dialShown,
  });
}

interface Listeners {
  chip: Chip;
  links: PhoneLinks;
  texts: TextClicks;
  typing: Typing;
  walk: NumberWalk;
}

// One listener per event on the document. Adding the same ones again does nothing while they are there.
function createListening(
  document: Document,
  signal: AbortSignal,
  { chip, links, texts, typing, walk }: Listeners,
): () => void {
  const listeners = {
    pointermove: (event: PointerEvent) => chip.pointerMove(event),
    pointerout: (event: PointerEvent) => {
      if (event.relatedTarget === null) chip.pointerGone();
    },
    pointerdown: (event: PointerEvent) => {
      // What is pressed to dial stays shown.
      const isDialling = texts.pointerDown(event);
      if (event.isTrusted && !isDialling && !isOnChip(event)) {
        chip.pressedElsewhere();
        walk.forget();
      }
      links.pointerDown(event);
    },
    pointerup: (event: PointerEvent) => {
      texts.pointerUp(event);
      links.pointerUp(event);
    },
    pointercancel: () => {
      texts.pointerCancel();
      links.pointerCancel();
    },
    click: (event: MouseEvent) => {
      if (!texts.click(event)) links.click(event);
    },
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
  const view = viewOf(document);
  view?.addEventListener('resize', () => chip.verify(), { signal });
  // Another window, another page: whoever comes back has to ask again.
  view?.addEventListener('blur', () => chip.windowLeft(), { signal });
  view?.addEventListener('pagehide', () => chip.dismiss(), { signal });
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
