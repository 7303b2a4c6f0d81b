// Every state of the chip on a page, as data.
import type { ChipView } from '#lib/page/chip.ts';

const NUMBER = { kind: 'e164', number: '+493023125042' } as const;
const LINE = { lineId: 'line-18', extension: '18' };

/** By the name of the picture. */
export const CHIP_STATES: Record<string, ChipView> = {
  'chip-ready': { type: 'ready', number: { kind: 'e164', number: '+493023125042' }, text: '030/23125042' },
  'chip-dials': {
    type: 'ready',
    number: NUMBER,
    text: '030/23125042',
    outlook: {
      number: NUMBER,
      display: '+49 30 23125042',
      numberType: 'fixed',
      line: LINE,
      decision: 'allowed',
      dialled: '003023125042',
    },
  },
  'chip-dials-shared-cost': {
    type: 'ready',
    number: NUMBER,
    text: '030/23125042',
    outlook: {
      number: NUMBER,
      display: '+49 30 23125042',
      numberType: 'sharedCost',
      line: LINE,
      decision: 'allowed',
      dialled: '003023125042',
    },
  },
  'chip-not-dialled': {
    type: 'ready',
    number: NUMBER,
    text: '030/23125042',
    outlook: {
      number: NUMBER,
      display: '+49 30 23125042',
      numberType: 'premium',
      line: LINE,
      decision: 'refused',
      code: 'policy-blocked',
      params: { reason: 'premium' },
    },
  },
  'chip-reached-dials': {
    type: 'reached',
    number: NUMBER,
    text: '030/23125042',
    outlook: {
      number: NUMBER,
      display: '+49 30 23125042',
      numberType: 'fixed',
      line: LINE,
      decision: 'allowed',
      dialled: '003023125042',
    },
  },
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
