import { expect, test, vi } from 'vitest';
import { OptionsView } from '#components/OptionsView.tsx';
import { readPairingCode, readPairingLink } from '#lib/pairing-link.ts';
import { aColleague, aLine, aState } from './builders.ts';
import { createFakeWorker } from './fake-worker.ts';
import { settingsOf } from './gallery/desk-fixture.ts';
import { aSite, type OptionsFixture } from './gallery/options-states.ts';
import { mount, settle } from './mount.tsx';
import { ringDoorsWith } from './ring-doors-rig.ts';
import { siteDoorsWith } from './site-doors-rig.ts';

async function firstRun(change: Partial<OptionsFixture> = {}) {
  const worker = createFakeWorker();
  const onChange = vi.fn(async () => undefined);
  const onAddSite = vi.fn(async (): Promise<'enabled'> => 'enabled');
  const pair = vi.fn(async () => ({ type: 'paired', userName: 'Mia Sample' }) as const);
  const fixture: OptionsFixture = {
    state: aState([], { link: { type: 'unpaired' } }),
    connection: undefined,
    sites: [],
    settings: { country: undefined },
    ...change,
  };
  const view = await mount(
    <OptionsView
      state={fixture.state}
      connection={fixture.connection}
      sites={fixture.sites}
      settings={settingsOf(fixture)}
      isFirstRun={true}
      pairing={{ readLink: readPairingLink, readCode: readPairingCode, deviceName: 'Chrome · Linux', pair }}
      onDisconnect={async () => undefined}
      siteDoors={siteDoorsWith({ onAdd: onAddSite })}
      countries={['DE', 'AT']}
      ringDoors={ringDoorsWith({})}
      phoneLinks={{ way: 'asks', lastAt: undefined, onAsk: () => 'asked', onTry: () => undefined }}
      shortcuts={[]}
      onOpenShortcuts={() => undefined}
      notice={{ permission: async () => 'granted', playTone: async () => undefined }}
      send={worker.send}
      onChange={onChange}
    />,
  );
  return { view, worker, onChange, onAddSite, pair };
}

const SIGNED_IN = { connection: { relay: 'relay.example', userName: 'Mia Sample' } };

test('somebody new sees three open steps and nothing else', async () => {
  const { view } = await firstRun();
  expect([...view.root.querySelectorAll('h3')].map((step) => step.textContent)).toEqual([
    'Sign in to your phone system',
    'Your country',
    'Your first site',
  ]);
  expect(view.root.querySelectorAll('.welcome__step--open')).toHaveLength(3);
  expect(view.text()).not.toContain('You are ready to call');
});

test('each step is done in place: link, country, site', async () => {
  const { view, pair, onChange, onAddSite } = await firstRun();
  await view.type('.pair .input', 'http://127.0.0.1:8730/#pair=ABCDEFGH');
  await view.submit('.pair .input');
  await settle();
  expect(pair).toHaveBeenCalledOnce();
  await view.click('Use Germany');
  expect(onChange).toHaveBeenCalledWith({ country: 'DE' });
  await view.type('.add-site .input', 'https://crm.example');
  await view.submit('.add-site .input');
  expect(onAddSite).toHaveBeenCalledWith('https://crm.example');
});

test('what is done says so and how, and a country can still be changed', async () => {
  const { view, onChange } = await firstRun({ ...SIGNED_IN, state: aState([aLine()]), settings: { country: 'AT' } });
  const done = [...view.root.querySelectorAll('.welcome__step--done')].map((step) => step.textContent);
  expect(done[0]).toContain('(done)Connected as Mia Sample');
  expect(done[1]).toContain('Austria');
  await view.click('Change');
  await view.click('Use Austria');
  await settle();
  expect(onChange).toHaveBeenCalledWith({ country: 'AT' });
  expect(view.root.querySelectorAll('.welcome__step--done')).toHaveLength(2);
});

test('a browser that the relay refused has to sign in again', async () => {
  const { view } = await firstRun({
    ...SIGNED_IN,
    state: aState([], { link: { type: 'refused', code: 'revoked' } }),
  });
  expect(view.root.querySelector('.pair')).not.toBeNull();
});

test('at the end one click calls a free colleague', async () => {
  const lines = [aLine(), aColleague('22', { state: 'busy' }), aColleague('31'), aColleague('35', { dnd: true })];
  const { view, worker } = await firstRun({
    ...SIGNED_IN,
    state: aState(lines),
    sites: [aSite('https://crm.example')],
    settings: { country: 'DE' },
  });
  expect(view.text()).toContain('You are ready to call');
  expect(view.buttons().filter((name) => name.startsWith('Call '))).toEqual(['Call Colleague 31']);
  await view.click('Call Colleague 31');
  expect(worker.last('command').request).toEqual({
    lineId: 'line-18',
    callId: undefined,
    order: { name: 'makeCall', args: { number: { kind: 'internal', number: '31' } } },
  });
});
