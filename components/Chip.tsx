// The chip beside a number on a page: one button that calls, then what became of it. Drawn inside a closed shadow root,
// so it brings its own look. It never dials: the page's gesture watch does, and it says nothing private unasked.
import type { PhoneNumber } from '@offhook/protocol';
import { render } from 'preact';
import type { OrderResult } from '#lib/messages.ts';
import type { ChipView } from '#lib/page/chip.ts';
import type { ChipSkin } from '#lib/page/chip-host.ts';
import type { Words } from '#lib/words.ts';
import { CHIP_STYLE } from './chip-style.ts';
import { Icon, type IconName } from './icons.tsx';
import { numberTypeText } from './number-type-text.ts';

/** The words that a chip needs. */
export type ChipWords = Pick<Words, 't' | 'error' | 'number'>;

/** How a chip looks and speaks, for the page script. Drawing is done when `render` returns. */
export function chipSkin(words: ChipWords): ChipSkin<ChipView> {
  return {
    style: CHIP_STYLE,
    render: (container, view) => render(view && <Chip view={view} words={words} />, container),
    announcementOf: (view) => announcementOf(view, words),
  };
}

// What the focus does not say by itself.
function announcementOf(view: ChipView, { t, error, number }: ChipWords): string {
  switch (view.type) {
    case 'ready':
      return '';
    case 'reached':
      return [t('chip_reached', { number: number(view.number, { isKnown: true }) }), noteOf(view, { t, error })]
        .filter(Boolean)
        .join(' · ');
    case 'calling':
      return t('chip_calling');
    case 'covered':
      return t('chip_covered');
    case 'result':
      return resultText(view.result, { t, error });
    default:
      return view satisfies never;
  }
}

function Chip({ view, words }: { view: ChipView; words: ChipWords }) {
  const { t } = words;
  switch (view.type) {
    case 'ready': {
      // The number as read, for who cannot see what stands beside the chip. Not in the tab order: a keyboard press on
      // it could come from a page that moved the focus here.
      const note = noteOf(view, words);
      const label = `${t('chip_call')} ${dialledText(view.number)}`;
      const title = note === undefined ? label : `${label} · ${note}`;
      return (
        <button
          type="button"
          class={callClass(view, note)}
          tabIndex={-1}
          aria-label={label}
          aria-description={note}
          title={title}
        >
          <Icon name="phone" />
          <Body text={t('chip_call')} note={note} />
        </button>
      );
    }
    case 'reached': {
      // Spelled out, since who came by the keyboard may not look beside it; in our own font, which no page can swap.
      const note = noteOf(view, words);
      return (
        <button
          type="button"
          class={`${callClass(view, note)} chip--reached`}
          tabIndex={-1}
          aria-description={note}
          title={view.text}
        >
          <Icon name="phone" />
          <Body
            text={t('chip_call_number', {
              number: view.outlook?.display ?? words.number(view.number, { isKnown: true }),
            })}
            note={note}
          />
        </button>
      );
    }
    case 'calling':
      return <Status kind="calm" icon="phone" text={t('chip_calling')} />;
    case 'covered':
      return <Status kind="bad" icon="warning" text={t('chip_covered')} />;
    case 'result':
      return <Result result={view.result} words={words} />;
    default:
      return view satisfies never;
  }
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

function callClass({ outlook }: Extract<ChipView, { type: 'ready' | 'reached' }>, note: string | undefined): string {
  const told = note === undefined ? '' : ' chip--told';
  return `chip chip--call${told}${outlook?.decision === 'refused' ? ' chip--refused' : ''}`;
}

// What the eye does not see beside the chip: other digits than those of the page, what kind of number costs more than
// others, or why a click will not call.
function noteOf(
  { text, outlook }: Extract<ChipView, { type: 'ready' | 'reached' }>,
  { t, error }: Pick<ChipWords, 't' | 'error'>,
): string | undefined {
  if (!outlook) return undefined;
  const { decision, code, params, dialled, line, numberType } = outlook;
  if (decision === 'refused') return error(code ?? 'number-invalid', params);
  const isOther = dialled !== undefined && dialled !== text.normalize('NFKC').replace(/[^0-9+*#]/g, '');
  const digits = isOther ? t('chip_dials', { digits: dialled, line: line?.extension ?? '' }) : undefined;
  const cost = numberType === 'premium' || numberType === 'sharedCost' ? numberTypeText(numberType, t) : undefined;
  return digits === undefined && cost === undefined ? undefined : [digits, cost].filter(Boolean).join(' · ');
}

function Result({ result, words }: { result: OrderResult; words: ChipWords }) {
  const text = resultText(result, words);
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

function resultText(result: OrderResult, { t, error }: Pick<ChipWords, 't' | 'error'>): string {
  switch (result.type) {
    case 'done':
      return t('chip_sent');
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
