// Every state of the chip on a page, as data.
import type { ChipView } from '#lib/page/chip.ts';

/** By the name of the picture. */
export const CHIP_STATES: Record<string, ChipView> = {
  'chip-ready': { type: 'ready', number: { kind: 'e164', number: '+493023125042' }, text: '030/23125042' },
  'chip-calling': { type: 'calling' },
  'chip-covered': { type: 'covered' },
  'chip-done': { type: 'result', result: { type: 'done' } },
  'chip-unknown': { type: 'result', result: { type: 'unknown' } },
  'chip-refused': {
    type: 'result',
    result: { type: 'failed', code: 'policy-blocked', params: { reason: 'premium' } },
  },
  'chip-not-paired': { type: 'result', result: { type: 'failed', code: 'not-paired' } },
};
