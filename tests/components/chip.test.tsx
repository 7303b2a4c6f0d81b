// The chip's three faces, in both a word and a role.
import { afterEach, describe, expect, test } from 'vitest';
import { chipSkin } from '#components/Chip.tsx';
import { createT } from '#lib/i18n.ts';
import type { ChipView } from '#lib/page/chip.ts';

const container = document.createElement('div');
const skin = chipSkin({
  t: createT((key) => key),
  error: (code) => `words for ${code}`,
  number: (number) => `words for ${number.kind}`,
});

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
      t: createT((key, values) => `${key} ${values.join()}`),
      error: () => '',
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
