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

/** The words that a chip needs. */
export type ChipWords = Pick<Words, 't' | 'error'>;

/** How a chip looks and speaks, for the page script. Drawing is done when `render` returns. */
export function chipSkin(words: ChipWords): ChipSkin<ChipView> {
  return {
    style: CHIP_STYLE,
    render: (container, view) => render(view && <Chip view={view} words={words} />, container),
  };
}

function Chip({ view, words }: { view: ChipView; words: ChipWords }) {
  const { t } = words;
  switch (view.type) {
    case 'ready': {
      // The number as read, for who cannot see what stands beside the chip. Not in the tab order: a keyboard press on
      // it could come from a page that moved the focus here.
      const label = `${t('chip_call')} ${dialledText(view.number)}`;
      return (
        <button type="button" class="chip chip--call" tabIndex={-1} aria-label={label} title={label}>
          <Icon name="phone" />
          {t('chip_call')}
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

function Result({ result, words }: { result: OrderResult; words: ChipWords }) {
  const { t, error } = words;
  switch (result.type) {
    case 'done':
      return <Status kind="calm" icon="check" text={t('chip_sent')} />;
    case 'failed':
      return <Status kind="bad" icon="warning" text={error(result.code, result.params)} />;
    case 'unknown':
      return <Status kind="bad" icon="question" text={t('chip_unknown')} />;
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
