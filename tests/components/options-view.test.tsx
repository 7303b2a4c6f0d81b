import { expect, test, vi } from 'vitest';
import { OptionsView } from '#components/OptionsView.tsx';
import type { PairOutcome } from '#components/SiteRow.tsx';
import { readPairingCode, readPairingLink } from '#lib/pairing-link.ts';
import type { LinkStatus } from '#lib/phone.ts';
import { aState } from './builders.ts';
import { mount, settle } from './mount.tsx';

const PAIRED = { relay: 'relay.example', userName: 'Mia Sample' };

async function options({ isPaired = true, link = { type: 'online' } as LinkStatus } = {}) {
  const pair = vi.fn<(request: object) => Promise<PairOutcome>>();
  const spies = {
    pair,
    onDisconnect: vi.fn(async () => undefined),
    onRemoveSite: vi.fn(async () => undefined),
    onChange: vi.fn(async () => undefined),
  };
  const view = await mount(
    <OptionsView
      state={aState([], { link })}
      connection={isPaired ? PAIRED : undefined}
      pairing={{ readLink: readPairingLink, readCode: readPairingCode, deviceName: 'Chrome · Linux', pair }}
      onDisconnect={spies.onDisconnect}
      sites={isPaired ? [{ pattern: 'https://crm.example/*', label: 'crm.example' }] : []}
      onRemoveSite={spies.onRemoveSite}
      settings={{ country: 'DE', takesTelLinks: true, notifies: true }}
      onChange={spies.onChange}
      countries={['DE', 'AT', 'GB']}
    />,
  );
  return { view, ...spies };
}

const LINK_FIELD = '.pair .input';

test('says as whom this browser is connected, and with which relay', async () => {
  const { view } = await options();
  expect(view.text()).toContain('Connected asMia SampleRelayrelay.exampleVersion0.1.0');
});

test('disconnects only after one question in place', async () => {
  const { view, onDisconnect } = await options();
  await view.click('Disconnect …');
  expect(onDisconnect).not.toHaveBeenCalled();
  await view.click('Cancel');
  await view.click('Disconnect …');
  await view.click('Disconnect');
  expect(onDisconnect).toHaveBeenCalledOnce();
});

test('a browser that was refused can be paired anew at once', async () => {
  const { view } = await options({ link: { type: 'refused', code: 'revoked' } });
  expect(view.text()).toContain('was withdrawn');
  expect(view.root.querySelector(LINK_FIELD)).not.toBeNull();
});

test('a pairing link is enough', async () => {
  const { view, pair } = await options({ isPaired: false });
  pair.mockResolvedValueOnce({ type: 'paired', userName: 'Mia Sample' });
  await view.type(LINK_FIELD, ' http://127.0.0.1:8730/#pair=ABCDEFGH ');
  await view.submit(LINK_FIELD);
  await settle();
  expect(pair).toHaveBeenCalledWith({
    relayUrl: 'http://127.0.0.1:8730',
    code: 'ABCDEFGH',
    deviceName: 'Chrome · Linux',
  });
  expect(view.text()).toContain('Connected as Mia Sample');
});

test('an address alone asks for the code, in any spelling', async () => {
  const { view, pair } = await options({ isPaired: false });
  pair.mockResolvedValueOnce({ type: 'failed', code: 'relay-unreachable' });
  await view.type(LINK_FIELD, 'relay.example:8730');
  await view.submit(LINK_FIELD);
  expect(view.root.querySelector('[role=alert]')?.textContent).toContain('The code is missing');
  await view.type('.pair .field:nth-of-type(2) .input', 'abc-defgh');
  await view.submit(LINK_FIELD);
  await settle();
  expect(pair).toHaveBeenCalledWith(
    expect.objectContaining({ relayUrl: 'https://relay.example:8730', code: 'ABCDEFGH' }),
  );
  expect(view.root.querySelector('[role=alert]')?.textContent).toContain('The relay cannot be reached');
});

test('what is neither link nor address is told, and nothing is sent', async () => {
  const { view, pair } = await options({ isPaired: false });
  await view.type(LINK_FIELD, 'hello there');
  await view.submit(LINK_FIELD);
  expect(view.root.querySelector('[role=alert]')?.textContent).toContain('neither a pairing link nor an address');
  expect(pair).not.toHaveBeenCalled();
});

test('a site is removed by its pattern', async () => {
  const { view, onRemoveSite } = await options();
  await view.click('Remove');
  expect(onRemoveSite).toHaveBeenCalledWith('https://crm.example/*');
});

test('settings take effect at once and say so', async () => {
  const { view, onChange } = await options();
  view.root.querySelector<HTMLInputElement>('.switch__box')?.click();
  await settle();
  expect(onChange).toHaveBeenCalledWith({ takesTelLinks: false });
  expect(view.root.querySelector('.options__saved')?.textContent).toBe('Saved');
});

test('countries have names and stand in their order', async () => {
  const { view } = await options();
  const names = [...view.root.querySelectorAll('option')].map((option) => option.textContent);
  expect(names).toEqual(['Austria', 'Germany', 'United Kingdom']);
});
