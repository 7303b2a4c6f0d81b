// The lines about frames that are not in use: which sites they name, and what a click on one asks for.
import { expect, test, vi } from 'vitest';
import { FrameAccess } from '#components/FrameAccess.tsx';
import { mount, settle } from './mount.tsx';

async function rows(sites: readonly string[], answer: 'enabled' | 'denied') {
  const onEnableSite = vi.fn(async () => answer);
  const view = await mount(<FrameAccess sites={sites} onEnableSite={onEnableSite} />);
  return { view, onEnableSite };
}

test('names each site, and a click asks for that one', async () => {
  const { view, onEnableSite } = await rows(['https://crm-frame.example'], 'enabled');
  expect(view.text()).toBe('Numbers here need access to crm-frame.exampleAllow');
  await view.click('Allow');
  await settle();
  expect(onEnableSite.mock.calls).toEqual([['https://crm-frame.example']]);
  expect(view.text()).toBe('');
});

test('says what to do where the browser was told not to', async () => {
  const { view } = await rows(['https://crm-frame.example'], 'denied');
  await view.click('Allow');
  await settle();
  expect(view.text()).toContain('The browser did not allow it.');
  expect(view.buttons()).toEqual(['Allow']);
});

test('shows nothing on most pages', async () => {
  const { view } = await rows([], 'denied');
  expect(view.root.children).toHaveLength(0);
});
