// A question of the relay's stands where the order was given, and no key that was meant for something else answers it.
import type { Params } from '@offhook/protocol';
import { expect, test, vi } from 'vitest';
import { ConfirmQuestion } from '#components/ConfirmQuestion.tsx';
import { OrderNote } from '#components/OrderNote.tsx';
import { mount } from './mount.tsx';

async function question(params: Params | undefined, language: 'en' | 'de' = 'en') {
  const onConfirm = vi.fn();
  const onCancel = vi.fn();
  const view = await mount(
    <ConfirmQuestion params={params} action="Call anyway" onConfirm={onConfirm} onCancel={onCancel} />,
    { language },
  );
  return { view, onConfirm, onCancel };
}

test.each<[Params | undefined, 'en' | 'de', string, string]>([
  [{ reason: 'emergency', number: '112' }, 'en', '112 is an emergency number. Call it now?', 'Call 112'],
  [{ reason: 'emergency', number: '112' }, 'de', '112 ist eine Notrufnummer. Jetzt anrufen?', '112 anrufen'],
  [{ reason: 'service', number: '116117' }, 'en', '116117 is a service number. Call it now?', 'Call 116117'],
  [
    { reason: 'country', country: 'GB' },
    'en',
    'Your first call to this country: United Kingdom. Go on?',
    'Call anyway',
  ],
  [
    { reason: 'country', country: 'AT' },
    'de',
    'Ihr erster Anruf in dieses Land: Österreich. Fortfahren?',
    'Call anyway',
  ],
  // Of a newer relay.
  [{ reason: 'moon' }, 'en', 'This call needs your confirmation.', 'Call anyway'],
  [{ reason: 'emergency', number: '<b>112</b>' }, 'en', 'This call needs your confirmation.', 'Call anyway'],
])('%o in %s says what it is about, and what the button does', async (params, language, text, button) => {
  const { view } = await question(params, language);
  expect(view.text()).toContain(text);
  expect(view.buttons().at(-1)).toBe(button);
});

test('Cancel has the focus', async () => {
  const { view } = await question({ reason: 'emergency', number: '112' });
  expect(document.activeElement).toBe(view.button('Cancel'));
});

test('Escape is Cancel, and goes no further', async () => {
  const { view, onConfirm, onCancel } = await question({ reason: 'emergency', number: '112' });
  const outside = vi.fn();
  document.addEventListener('keydown', outside);
  view.button('Call 112')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  document.removeEventListener('keydown', outside);
  expect(onCancel).toHaveBeenCalledOnce();
  expect(onConfirm).not.toHaveBeenCalled();
  expect(outside).not.toHaveBeenCalled();
});

test('beside a call, an order that needs confirmation is a question and no failure', async () => {
  const confirm = vi.fn();
  const params = { reason: 'country', country: 'GB', confirm: 'token' };
  const order = { type: 'failed', code: 'confirmation-needed', params, confirm } as const;
  const view = await mount(<OrderNote order={order} onDismiss={() => undefined} />);
  await view.click('Do it anyway');
  expect(confirm).toHaveBeenCalledOnce();
});
