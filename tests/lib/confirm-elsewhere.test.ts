import { expect, test, vi } from 'vitest';
import { confirmingElsewhere } from '#lib/confirm-elsewhere.ts';
import type { OrderResult } from '#lib/messages.ts';
import type { DialRequest } from '#lib/page-facts.ts';

const REQUEST: DialRequest = { number: { kind: 'service', number: '112' }, shownText: '112', from: 'chip' };
const NEEDED: OrderResult = { type: 'failed', code: 'confirmation-needed' };
const SENDER = { origin: 'https://crm.example' };

async function dialled(result: OrderResult, request = REQUEST) {
  const ask = vi.fn(async () => undefined);
  const answer = await confirmingElsewhere(async () => result, { ask })(request, SENDER);
  return { ask, answer };
}

test('a page never gets the token of a question, which is put in our own window instead', async () => {
  const params = { reason: 'emergency', number: '112', confirm: 'token-1' };
  const { ask, answer } = await dialled({ type: 'failed', code: 'confirmation-needed', params });
  expect(answer).toEqual({ type: 'failed', code: 'confirmation-needed' });
  const asked = { kind: 'link', text: 'tel:112', from: 'page', site: 'https://crm.example' };
  expect(ask).toHaveBeenCalledExactlyOnceWith(asked);
});

test('the extension behind a number is not lost on the way to the window', async () => {
  const number = { kind: 'e164', number: '+493023125042', extension: '12' } as const;
  const { ask } = await dialled(NEEDED, { ...REQUEST, number });
  expect(ask).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ text: 'tel:+493023125042;ext=12' }));
});

test('a transfer is never turned into a call of its own', async () => {
  const { ask, answer } = await dialled(NEEDED, { ...REQUEST, during: { callId: 'call-1', how: 'transfer' } });
  expect(answer).toEqual({ type: 'failed', code: 'transfer-unconfirmed' });
  expect(ask).not.toHaveBeenCalled();
});

test('after the call was put on hold for it, whoever is to be consulted is confirmed in the window', async () => {
  const { ask } = await dialled(NEEDED, { ...REQUEST, during: { callId: 'call-1', how: 'consult' } });
  expect(ask).toHaveBeenCalledOnce();
});

test.each<OrderResult>([{ type: 'done' }, { type: 'unknown' }, { type: 'failed', code: 'rate-limited' }])(
  'what needs no confirmation is told as it came: %o',
  async (result) => {
    const { ask, answer } = await dialled(result);
    expect(answer).toBe(result);
    expect(ask).not.toHaveBeenCalled();
  },
);
