import { expect, test, vi } from 'vitest';
import { confirmingElsewhere } from '#lib/confirm-elsewhere.ts';
import type { OrderResult } from '#lib/messages.ts';

const REQUEST = { number: { kind: 'service', number: '112' }, shownText: '112', from: 'chip' } as const;

async function dialled(result: OrderResult) {
  const ask = vi.fn(async () => undefined);
  const answer = await confirmingElsewhere(async () => result, { ask })(REQUEST, {});
  return { ask, answer };
}

test('a page never gets the token of a question, which is put in our own window instead', async () => {
  const params = { reason: 'emergency', number: '112', confirm: 'token-1' };
  const { ask, answer } = await dialled({ type: 'failed', code: 'confirmation-needed', params });
  expect(answer).toEqual({ type: 'failed', code: 'confirmation-needed' });
  expect(ask).toHaveBeenCalledExactlyOnceWith({ kind: 'link', text: 'tel:112', from: 'page' });
});

test.each<OrderResult>([{ type: 'done' }, { type: 'unknown' }, { type: 'failed', code: 'rate-limited' }])(
  'what needs no confirmation is told as it came: %o',
  async (result) => {
    const { ask, answer } = await dialled(result);
    expect(answer).toBe(result);
    expect(ask).not.toHaveBeenCalled();
  },
);
