import { expect, test, vi } from 'vitest';
import { OptionsView } from '#components/OptionsView.tsx';
import type { PhoneLinks } from '#components/PhoneLinksSection.tsx';
import type { PairOutcome } from '#components/SiteRow.tsx';
import type { KnownSite } from '#lib/known-sites.ts';
import { readPairingCode, readPairingLink } from '#lib/pairing-link.ts';
import type { LinkStatus } from '#lib/phone.ts';
import type { Policy } from '#lib/policy.ts';
import type { Settings } from '#lib/settings.ts';
import { aLine, aState } from './builders.ts';
import { settingsOf } from './gallery/desk-fixture.ts';
import { aSite } from './gallery/options-states.ts';
import { mount, settle } from './mount.tsx';
import { ringDoorsWith } from './ring-doors-rig.ts';
import { siteDoorsWith } from './site-doors-rig.ts';

const PAIRED = { relay: 'relay.example', userName: 'Mia Sample' };

interface Given {
  isPaired?: boolean;
  link?: LinkStatus;
  settings?: Partial<Settings>;
  lines?: Parameters<typeof aState>[0];
  sites?: readonly KnownSite[];
  policy?: Partial<Policy>;
  linkWay?: PhoneLinks['way'];
  linkAnswer?: ReturnType<PhoneLinks['onAsk']>;
  linkAt?: number;
}

async function options(given: Given = {}) {
  const { isPaired = true, link = { type: 'online' }, settings = {}, lines = [], policy = {} } = given;
  const { sites = [aSite('https://crm.example')], linkWay = 'asks', linkAnswer = 'asked', linkAt } = given;
  const pair = vi.fn<(request: object) => Promise<PairOutcome>>();
  const spies = {
    pair,
    onDisconnect: vi.fn(async () => undefined),
    onRemoveSite: vi.fn(async () => undefined),
    onChange: vi.fn(async () => undefined),
    onAddSite: vi.fn(async (): Promise<'enabled' | 'denied' | 'invalid'> => 'enabled'),
    onOpenShortcuts: vi.fn(),
    onAskForLinks: vi.fn((): 'asked' | 'unavailable' => linkAnswer),
    onTryLink: vi.fn(),
  };
  const view = await mount(
    <OptionsView
      state={aState(lines, { link })}
      connection={isPaired ? PAIRED : undefined}
      pairing={{ readLink: readPairingLink, readCode: readPairingCode, deviceName: 'Chrome · Linux', pair }}
      onDisconnect={spies.onDisconnect}
      sites={isPaired ? sites : []}
      siteDoors={siteDoorsWith({ onAdd: spies.onAddSite, onRemove: spies.onRemoveSite })}
      settings={settingsOf({ settings, policy })}
      onChange={spies.onChange}
      onOpenShortcuts={spies.onOpenShortcuts}
      ringDoors={ringDoorsWith({})}
      phoneLinks={{ way: linkWay, lastAt: linkAt, onAsk: spies.onAskForLinks, onTry: spies.onTryLink }}
      shortcuts={[
        { name: 'answer', description: 'Answer or hang up', shortcut: 'Alt+Shift+A' },
        { name: 'next', description: 'Next number', shortcut: '' },
      ]}
      isFirstRun={false}
      notice={{ permission: async () => 'granted', playTone: async () => undefined }}
      send={() => new Promise(() => undefined)}
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

test('a site is removed by its name', async () => {
  const { view, onRemoveSite } = await options();
  await view.click('Remove');
  expect(onRemoveSite).toHaveBeenCalledWith('https://crm.example');
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
  expect(choicesOf(view.root, 'Country of numbers without a country code')).toEqual([
    'Austria',
    'Germany',
    'United Kingdom',
  ]);
});

test('until a country was chosen the one of the phone system is shown', async () => {
  const { view } = await options({ settings: { country: undefined } });
  expect(fieldOf(view.root, 'Country of numbers without a country code').value).toBe('DE');
});

test('says when the contact of a caller opens, and changes it', async () => {
  const { view, onChange } = await options({ settings: { opensContact: 'answer' } });
  const field = fieldOf(view.root, "Open the caller's contact in the CRM");
  expect(field.value).toBe('answer');
  await choose(field, 'ring');
  expect(onChange).toHaveBeenCalledWith({ opensContact: 'ring' });
});

test('who has several lines chooses the one for calls, of those that can call', async () => {
  const lines = [
    aLine(),
    aLine({ lineId: 'line-19', extension: '19', device: 'softphone' }),
    aLine({ lineId: 'line-20', extension: '20', capabilities: [] }),
  ];
  const { view, onChange } = await options({ lines });
  const label = 'Line that calls go out on';
  expect(choicesOf(view.root, label)).toEqual(['Line 18 · desk phone', 'Line 19 · softphone']);
  await choose(fieldOf(view.root, label), 'line-19');
  expect(onChange).toHaveBeenCalledWith({ defaultLineId: 'line-19' });
});

test('who has one line is not asked', async () => {
  const { view } = await options({ lines: [aLine()] });
  expect(view.text()).not.toContain('Line that calls go out on');
});

test('a site is added by its address, and what went wrong is said', async () => {
  const { view, onAddSite } = await options();
  onAddSite.mockResolvedValueOnce('invalid').mockResolvedValueOnce('denied');
  const address = '.add-site .input';
  await view.type(address, ' crm ');
  await view.submit(address);
  await settle();
  expect(onAddSite).toHaveBeenLastCalledWith('crm');
  expect(view.root.querySelector('.add-site [role=alert]')?.textContent).toContain('not the address of a web page');
  await view.type(address, 'https://crm.example');
  expect(view.root.querySelector('.add-site [role=alert]')).toBeNull();
  await view.submit(address);
  await settle();
  expect(view.root.querySelector('.add-site [role=alert]')?.textContent).toContain('did not allow it');
  await view.submit(address);
  await settle();
  expect(view.root.querySelector<HTMLInputElement>(address)?.value).toBe('');
});

test('keys are shown as the browser has them, and changed on its own page', async () => {
  const { view, onOpenShortcuts } = await options();
  expect(view.text()).toContain('Answer or hang upAlt+Shift+ANext numberNot set');
  await view.click('Change in the browser …');
  expect(onOpenShortcuts).toHaveBeenCalledOnce();
});

test('what the company set is shown with its word and cannot be changed, the rest can', async () => {
  const policy: Partial<Policy> = {
    values: { country: 'AT', notifies: false, opensContact: 'ring' },
    locked: ['country', 'opensContact', 'takesTelLinks'],
  };
  const { view } = await options({ settings: { country: 'GB' }, policy });
  const country = fieldOf(view.root, 'Country of numbers without a country code');
  expect([country.value, country.disabled]).toEqual(['AT', true]);
  const opens = fieldOf(view.root, "Open the caller's contact in the CRM");
  expect([opens.value, opens.disabled]).toEqual(['ring', true]);
  // Contacts who matter most follow the same word.
  expect(view.text().match(/Set by your company/g)).toHaveLength(3);
  const boxes = [...view.root.querySelectorAll<HTMLInputElement>('.switch__box')];
  expect(boxes.map(({ checked, disabled }) => [checked, disabled])).toEqual([
    [true, false],
    [false, false],
    [true, false],
    [false, false],
    [false, false],
  ]);
});

test('the company’s relay is filled in: the code is all that is missing', async () => {
  const { view, pair } = await options({ isPaired: false, policy: { relay: 'https://relay.example' } });
  pair.mockResolvedValueOnce({ type: 'failed', code: 'relay-not-allowed' });
  expect(view.text()).toContain("Your company's relay: relay.example");
  await view.type('.pair .field:nth-of-type(2) .input', 'ABCDEFGH');
  await view.submit(LINK_FIELD);
  await settle();
  expect(pair).toHaveBeenCalledWith(expect.objectContaining({ relayUrl: 'https://relay.example', code: 'ABCDEFGH' }));
  expect(view.root.querySelector('.pair [role=alert]')?.textContent).toContain('Your company has set another relay');
});

test('a pairing with another relay than the company’s stays, and says what to do', async () => {
  const policy: Partial<Policy> = { relay: 'https://new.example', locked: ['relay'] };
  expect((await options({ policy })).view.text()).toContain('Your company now uses the relay new.example');
  expect((await options({ policy: { ...policy, relay: 'https://relay.example' } })).view.text()).not.toContain(
    'now uses',
  );
});

function fieldOf(root: HTMLElement, label: string): HTMLSelectElement {
  const found = [...root.querySelectorAll('label')].find((one) => one.textContent === label);
  const field = root.querySelector<HTMLSelectElement>(`[id="${found?.htmlFor}"]`);
  if (!field) throw new Error(`no field ${label}`);
  return field;
}

function choicesOf(root: HTMLElement, label: string): (string | null)[] {
  return [...fieldOf(root, label).options].map((option) => option.textContent);
}

async function choose(field: HTMLSelectElement, value: string): Promise<void> {
  field.value = value;
  field.dispatchEvent(new Event('change', { bubbles: true }));
  await settle();
}

test.each([
  ['asked', 'allow both'],
  ['unavailable', 'does not offer it'],
] as const)('phone links of other programs are asked of the browser: %s', async (linkAnswer, said) => {
  const { view, onAskForLinks, onTryLink } = await options({ linkAnswer });
  expect(view.text()).toContain('No phone link has reached Offhook yet.');
  await view.click('Open phone links with Offhook');
  expect(onAskForLinks).toHaveBeenCalledOnce();
  expect(view.text()).toContain(said);
  await view.click('Try it');
  expect(onTryLink).toHaveBeenCalledOnce();
});

test('where the browser offers Offhook by itself there is nothing to ask for, and what arrived is said', async () => {
  const { view } = await options({ linkWay: 'manifest', linkAt: Date.now() });
  expect(view.button('Open phone links with Offhook')).toBeUndefined();
  expect(view.text()).toContain('Works: the last phone link reached Offhook');
});
