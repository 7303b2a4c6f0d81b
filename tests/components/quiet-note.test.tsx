// That a browser keeps quiet about calls is seen, begun and ended by one press.
import { expect, test, vi } from 'vitest';
import { QuietButton, QuietNote } from '#components/QuietNote.tsx';
import type { Settings } from '#lib/settings.ts';
import { mount } from './mount.tsx';

const HOUR_MS = 60 * 60_000;

async function shown(quietUntil?: number) {
  const onChangeSettings = vi.fn(async (_change: Partial<Settings>) => undefined);
  const view = await mount(
    <>
      <QuietNote settings={{ quietUntil }} onChangeSettings={onChangeSettings} />
      <QuietButton settings={{ quietUntil }} onChangeSettings={onChangeSettings} />
    </>,
  );
  return { view, onChangeSettings };
}

test('a press keeps quiet for an hour', async () => {
  const { view, onChangeSettings } = await shown();
  expect(view.text()).not.toContain('Quiet until');
  const before = Date.now();
  await view.click('Keep quiet about calls');
  const [{ quietUntil = 0 } = {}] = onChangeSettings.mock.lastCall ?? [];
  expect(quietUntil - before).toBeGreaterThanOrEqual(HOUR_MS);
  expect(quietUntil - before).toBeLessThan(HOUR_MS + 60_000);
});

test('while it is quiet that is said, with its end, and either button ends it', async () => {
  const { view, onChangeSettings } = await shown(Date.now() + HOUR_MS / 2);
  expect(view.root.querySelector('[role=status]')?.textContent).toContain('Quiet until');
  await view.click('End');
  await view.click('Keep quiet about calls');
  expect(onChangeSettings.mock.calls).toEqual([[{ quietUntil: undefined }], [{ quietUntil: undefined }]]);
});

test('what is over, or was set by a clock that ran wrong, is not said', async () => {
  expect((await shown(Date.now() - 1)).view.text()).not.toContain('Quiet until');
  expect((await shown(Date.now() + 5 * HOUR_MS)).view.text()).not.toContain('Quiet until');
});
