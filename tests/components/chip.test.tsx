// The chip's three faces, in both a word and a role.
import { afterEach, describe, expect, test } from 'vitest';
import { type ChipWords, chipSkin } from '#components/Chip.tsx';
import { createT } from '#lib/i18n.ts';
import type { NumberOutlook } from '#lib/number-outlook.ts';
import type { ChipView } from '#lib/page/chip.ts';

const container = document.createElement('div');
const words: ChipWords = {
  t: createT((key) => key),
  plural: (key, count) => `${key} ${count}`,
  error: (code) => `words for ${code}`,
  number: (number) => `words for ${number.kind}`,
  country: (code) => code,
  moment: (at) => `at ${at}`,
  rule: ({ rule }) => `by ${rule}`,
};
const skin = chipSkin(words);

afterEach(() => skin.render(container, null));

function drawn(view: ChipView): HTMLElement {
  skin.render(container, view);
  const chip = container.querySelector<HTMLElement>('.chip');
  if (!chip) throw new Error('no chip was drawn');
  return chip;
}

describe('chip', () => {
  test('is one button that names the number as read, out of the tab order', () => {
    const chip = drawn({
      type: 'ready',
      number: { kind: 'e164', number: '+493023125042', extension: '18' },
      text: '030/23125042',
    });
    expect(chip.localName).toBe('button');
    expect(chip.getAttribute('aria-label')).toBe('chip_call +493023125042 18');
    expect(chip.tabIndex).toBe(-1);
    expect(chip.textContent).toBe('chip_call');
  });

  const outlook = (change: Partial<NumberOutlook>): ChipView => ({
    type: 'ready',
    number: { kind: 'e164', number: '+493023125042' },
    text: '+49 30 / 231 25-042',
    outlook: {
      number: { kind: 'e164', number: '+493023125042' },
      display: '+49 30 23125042',
      line: { lineId: 'l18', extension: '18' },
      ...change,
    },
  });
  test.each<[string, ChipView, string]>([
    ['what will be dialled, and on which line', outlook({ dialled: '003023125042' }), 'dials 003023125042 18'],
    ['nothing more where that is what the page shows', outlook({ dialled: '+493023125042' }), ''],
    ['nothing more where only the relay knows', outlook({}), ''],
    [
      'that it may cost more',
      outlook({ dialled: '003023125042', numberType: 'sharedCost' }),
      'dials 003023125042 18 · number_type_sharedCost',
    ],
    ['nothing of what kind of line it is', outlook({ dialled: '+493023125042', numberType: 'mobile' }), ''],
    ['why it is not dialled', outlook({ decision: 'refused', code: 'policy-blocked' }), 'words for policy-blocked'],
  ])('says %s', (_, view, note) => {
    const spelling = chipSkin({
      ...words,
      t: createT((key, values) => (key === 'chip_dials' ? `dials ${values.join(' ')}` : key)),
    });
    spelling.render(container, view);
    const chip = container.querySelector('button');
    expect(chip?.textContent).toBe('chip_call');
    expect(chip?.querySelector('[data-note]')?.getAttribute('data-note') ?? '').toBe(note);
    expect(chip?.getAttribute('aria-label')).toBe('chip_call +493023125042');
    expect(chip?.getAttribute('aria-description') ?? '').toBe(note);
  });

  test('that was reached by the keyboard tells ears what will be dialled', () => {
    const view = { ...outlook({ dialled: '003023125042' }), type: 'reached' } as ChipView; // the same but its type
    expect(skin.announcementOf(view)).toBe('chip_reached · chip_dials');
  });

  test.each<[string, ChipView, string]>([
    ['that it is calling', { type: 'calling' }, 'chip_calling'],
    ['that the page covers it', { type: 'covered' }, 'chip_covered'],
    ['that the order was sent', { type: 'result', result: { type: 'done' } }, 'chip_sent'],
    ['that nobody knows', { type: 'result', result: { type: 'unknown' } }, 'chip_unknown'],
    [
      'why it failed',
      { type: 'result', result: { type: 'failed', code: 'relay-unreachable' } },
      'words for relay-unreachable',
    ],
  ])('says %s', (_, view, text) => {
    const chip = drawn(view);
    expect([chip.getAttribute('role'), chip.textContent, chip.querySelector('button')]).toEqual(['status', text, null]);
  });

  test('that was reached by the keyboard spells the number out, for eyes and ears', () => {
    const spelling = chipSkin({
      ...words,
      t: createT((key, values) => `${key} ${values.join()}`),
      number: () => '+49 30 23125042',
    });
    const view: ChipView = { type: 'reached', number: { kind: 'e164', number: '+493023125042' }, text: '030/23125042' };
    spelling.render(container, view);
    const button = container.querySelector('button');
    expect([button?.textContent, button?.tabIndex]).toEqual(['chip_call_number +49 30 23125042', -1]);
    expect(spelling.announcementOf(view)).toBe('chip_reached +49 30 23125042');
  });

  test('leaves nothing behind', () => {
    drawn({ type: 'calling' });
    skin.render(container, null);
    expect(container.childNodes).toHaveLength(0);
  });
});
