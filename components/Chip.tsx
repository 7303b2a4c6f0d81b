// The chip beside a number on a page: a button that calls, one that opens the card, then what became of it. Drawn inside a closed shadow root,
// so it brings its own look. It never dials: the page's gesture watch does, and it says nothing private unasked.
import type { PhoneNumber } from '@offhook/protocol';
import { render } from 'preact';
import type { ChipView } from '#lib/page/chip.ts';
import type { ChipSkin } from '#lib/page/chip-host.ts';
import { CHIP_STYLE } from './chip-style.ts';
import { Icon, type IconName } from './icons.tsx';
import { type CardWords, Decided, decidedText, displayOf, NumberCard } from './NumberCard.tsx';
import { NUMBER_CARD_STYLE } from './number-card-style.ts';
import { numberTypeText } from './number-type-text.ts';

/** The words that chip and card need. */
export type ChipWords = CardWords;

/** How a chip looks and speaks, for the page script. Drawing is done when `render` returns. */
export function chipSkin(words: ChipWords): ChipSkin<ChipView> {
  return {
    style: CHIP_STYLE + NUMBER_CARD_STYLE,
    render: (container, view) => render(view && <Chip view={view} words={words} />, container),
    announcementOf: (view) => announcementOf(view, words),
  };
}

// What the focus does not say by itself.
function announcementOf(view: ChipView, words: ChipWords): string {
  const { t, error, number } = words;
  switch (view.type) {
    case 'ready':
      return '';
    case 'reached':
      return [t('chip_reached', { number: number(view.number, { isKnown: true }) }), noteOf(view, { t, error })]
        .filter(Boolean)
        .join(' · ');
    case 'card':
      return view.note ? '' : t('card_reached', { number: displayOf(view, words) });
    case 'decided':
      return decidedText(view, words);
    case 'calling':
      return callingText(view, t);
    case 'covered':
      return t('chip_covered');
    case 'no-room':
      return t('chip_no_room');
    case 'result':
      return resultText(view, { t, error });
    default:
      return view satisfies never;
  }
}

function Chip({ view, words }: { view: ChipView; words: ChipWords }) {
  const { t } = words;
  switch (view.type) {
    case 'ready':
    case 'reached':
      return <Callable view={view} words={words} />;
    case 'card':
      return <NumberCard view={view} words={words} />;
    case 'decided':
      return <Decided view={view} words={words} />;
    case 'calling':
      return <Status kind="calm" icon="phone" text={callingText(view, t)} />;
    case 'covered':
      return <Status kind="bad" icon="warning" text={t('chip_covered')} />;
    case 'no-room':
      return <Status kind="bad" icon="warning" text={t('chip_no_room')} />;
    case 'result':
      return <Result view={view} words={words} />;
    default:
      return view satisfies never;
  }
}

// Not in the tab order: a keyboard press on it could come from a page that moved the focus here. What shows more stands
// first on the screen, where it stays: the button that calls grows when more is known, and must not grow under a pointer
// that is on its way to the other one.
function Callable({ view, words }: { view: CallableView; words: ChipWords }) {
  const { t } = words;
  const note = noteOf(view, words);
  return (
    <div class="chips">
      {view.type === 'ready' ? (
        <Ready view={view} words={words} note={note} />
      ) : (
        <Reached view={view} words={words} note={note} />
      )}
      <button
        type="button"
        class="chip chip--more"
        tabIndex={-1}
        data-act="open"
        aria-label={t('chip_open')}
        title={t('chip_open')}
      >
        <Icon name="chevron" />
      </button>
    </div>
  );
}

// The number as read, for who cannot see what stands beside the chip.
function Ready({ view, words: { t }, note }: { view: CallableView; words: ChipWords; note: string | undefined }) {
  const text = t(view.outlook?.inCall ? 'chip_in_call' : 'chip_call');
  const label = `${text} ${dialledText(view.number)}`;
  return (
    <button
      type="button"
      class={callClass(view, note)}
      tabIndex={-1}
      data-act="call"
      aria-label={label}
      aria-description={note}
      title={note === undefined ? label : `${label} · ${note}`}
    >
      <Icon name="phone" />
      <Body text={text} note={note} />
    </button>
  );
}

// Spelled out, since who came by the keyboard may not look beside it; in our own font, which no page can swap.
function Reached({ view, words, note }: { view: CallableView; words: ChipWords; note: string | undefined }) {
  const number = displayOf(view, words);
  const key = view.outlook?.inCall ? 'chip_in_call_number' : 'chip_call_number';
  return (
    <button
      type="button"
      class={`${callClass(view, note)} chip--reached`}
      tabIndex={-1}
      data-act="call"
      aria-description={note}
      title={view.text}
    >
      <Icon name="phone" />
      <Body text={words.t(key, { number })} note={note} />
    </button>
  );
}

type CallableView = Extract<ChipView, { type: 'ready' | 'reached' }>;

function callingText({ how }: Extract<ChipView, { type: 'calling' }>, t: ChipWords['t']): string {
  return t(how === 'transfer' ? 'card_transferring' : 'chip_calling');
}

// A number is never cut: what is said beside it goes to a line of its own. The button's name for ears is what a click
// does; the note is its description, so the sheet draws it and it is no part of the name.
function Body({ text, note }: { text: string; note: string | undefined }) {
  return (
    <span class="chip__body">
      <span class="chip__text">{text}</span>
      {note !== undefined && <span class="chip__outlook" aria-hidden="true" data-note={note} />}
    </span>
  );
}

function callClass({ outlook }: CallableView, note: string | undefined): string {
  const told = note === undefined ? '' : ' chip--told';
  return `chip chip--call${told}${outlook?.decision === 'refused' ? ' chip--refused' : ''}`;
}

// What the eye does not see beside the chip: other digits than those of the page, what kind of number costs more than
// others, or why a click will not call.
function noteOf({ text, outlook }: CallableView, { t, error }: Pick<ChipWords, 't' | 'error'>): string | undefined {
  if (!outlook) return undefined;
  const { decision, code, params, dialled, line, numberType, inCall } = outlook;
  if (inCall) return undefined;
  if (decision === 'refused') return error(code ?? 'number-invalid', params);
  const isOther = dialled !== undefined && dialled !== text.normalize('NFKC').replace(/[^0-9+*#]/g, '');
  const digits = isOther ? t('chip_dials', { digits: dialled, line: line?.extension ?? '' }) : undefined;
  const cost = numberType === 'premium' || numberType === 'sharedCost' ? numberTypeText(numberType, t) : undefined;
  return digits === undefined && cost === undefined ? undefined : [digits, cost].filter(Boolean).join(' · ');
}

type ResultView = Extract<ChipView, { type: 'result' }>;

function Result({ view, words }: { view: ResultView; words: ChipWords }) {
  const { result } = view;
  const text = resultText(view, words);
  switch (result.type) {
    case 'done':
      return <Status kind="calm" icon="check" text={text} />;
    case 'failed':
      return <Status kind="bad" icon="warning" text={text} />;
    case 'unknown':
      return <Status kind="bad" icon="question" text={text} />;
    default:
      return result satisfies never;
  }
}

function resultText({ result, how }: ResultView, { t, error }: Pick<ChipWords, 't' | 'error'>): string {
  switch (result.type) {
    case 'done':
      return t(how === 'transfer' ? 'card_transferred' : 'chip_sent');
    case 'failed':
      return error(result.code, result.params);
    case 'unknown':
      return t('chip_unknown');
    default:
      return result satisfies never;
  }
}

function Status({ kind, icon, text }: { kind: 'calm' | 'bad'; icon: IconName; text: string }) {
  return (
    <div class={`chip chip--${kind}`} role="status">
      <Icon name={icon} />
      <span>{text}</span>
    </div>
  );
}

function dialledText(number: PhoneNumber): string {
  if (number.kind === 'e164') return number.extension ? `${number.number} ${number.extension}` : number.number;
  return number.kind === 'internal' || number.kind === 'service' ? number.number : '';
}
