// From a call to the CRM's forms: offered where the company has forms, wherever the call is shown, and honest about what
// is known of the outcome.
import type { EntryForms } from '@offhook/protocol';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { EntryFormButtons } from '#components/EntryFormButtons.tsx';
import { SidePanelView } from '#components/SidePanelView.tsx';
import type { OpenedForm } from '#lib/journal.ts';
import { aCall, aLine, anEntry, aState } from './builders.ts';
import { createFakeWorker } from './fake-worker.ts';
import { settingsOf } from './gallery/desk-fixture.ts';
import { entry, list, NOW } from './journal-rig.tsx';
import { mount, settle } from './mount.tsx';

const FORMS: EntryForms = { activity: 'https://crm.example/activities/new', time: 'https://crm.example/time/new' };
const deskOf = (entryForms: EntryForms | undefined, openedForms: OpenedForm[] = []) => ({
  phone: aState([aLine()], { entryForms }),
  journal: { entries: [], isLoaded: true, drafts: {}, openedForms },
});

async function buttons(entryForms: EntryForms | undefined, openedForms: OpenedForm[] = []) {
  const worker = createFakeWorker();
  const view = await mount(
    <EntryFormButtons desk={deskOf(entryForms, openedForms)} send={worker.send} entryId="e1" shows="label" />,
  );
  return { view, worker };
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  onTestFinished(() => void vi.useRealTimers());
});

describe('the buttons', () => {
  test.each<[EntryForms | undefined, string[]]>([
    [FORMS, ['Enter activity', 'Enter time']],
    [{ time: FORMS.time }, ['Enter time']],
    [{}, []],
    [undefined, []],
  ])('with the forms %j are %j', async (forms, expected) => {
    const { view } = await buttons(forms);
    expect(view.buttons()).toEqual(expected);
    expect(view.root.innerHTML === '').toBe(expected.length === 0);
  });

  test('ask for the form of this call, and say nothing when it is open', async () => {
    const { view, worker } = await buttons(FORMS);
    await view.click('Enter time');
    expect(worker.last('open-entry-form').request).toEqual({ form: 'time', entryId: 'e1', entry: undefined });
    worker.last('open-entry-form').answer({ type: 'done' });
    await settle();
    expect(view.root.querySelector('[role=alert]')).toBeNull();
  });

  test.each(['failed', 'gone'])('say that a form could not be opened, until it is tried again (%s)', async (how) => {
    const { view, worker } = await buttons(FORMS);
    await view.click('Enter activity');
    if (how === 'failed') worker.last('open-entry-form').answer({ type: 'failed' });
    else worker.last('open-entry-form').fail();
    await settle();
    expect(view.root.querySelector('[role=alert]')?.textContent).toContain('could not be opened');
    await view.click('Enter activity');
    expect(view.root.querySelector('[role=alert]')).toBeNull();
  });

  test('say that a form was opened and when, never that it was saved', async () => {
    const opened = { entryId: 'e1', form: 'time', at: NOW } as const;
    const { view } = await buttons(FORMS, [opened, { ...opened, entryId: 'another', form: 'activity' }]);
    expect(view.root.querySelector('.entry-forms__opened')?.textContent).toMatch(/^Time form opened \S+/);
  });
});

describe('in the journal', () => {
  const state = aState([aLine()], { entryForms: FORMS });

  test('of the panel they stand beside the note', async () => {
    const { view, worker } = await list({ entries: [entry(5)], state });
    expect(view.button('Enter time')).toBeUndefined();
    await view.click('Write a note');
    await view.click('Enter time');
    expect(worker.last('open-entry-form').request).toEqual({ form: 'time', entryId: 'e5', entry: entry(5) });
  });

  test('of the page they stand in the row', async () => {
    const { view, worker } = await list({ entries: [entry(5)], state, density: 'page' });
    await view.click('Enter activity');
    expect(worker.last('open-entry-form').request).toMatchObject({ form: 'activity', entryId: 'e5' });
  });

  test('a row says what was opened for it, also without a note', async () => {
    const openedForms = [{ entryId: 'e5', form: 'activity', at: NOW } as const];
    const { view } = await list({ entries: [entry(5), entry(6)], state, openedForms });
    const rows = [...view.root.querySelectorAll('.journal-row')].map((row) => row.textContent?.includes('form opened'));
    expect(rows).toEqual([true, false]);
  });
});

test('a card in the panel has them when its call is over, and not before', async () => {
  const worker = createFakeWorker();
  const viewOf = (state: 'connected' | 'ended') => (
    <SidePanelView
      desk={{
        phone: aState([aLine({ calls: [aCall({ state, capabilities: [] })] })], { entryForms: FORMS }),
        journal: { entries: [anEntry()], isLoaded: true, drafts: {} },
      }}
      settings={settingsOf({})}
      send={worker.send}
      onChangeSettings={async () => undefined}
      onOpenOptions={() => undefined}
      onOpenJournal={() => undefined}
      pairing={{
        readLink: () => undefined,
        readCode: () => undefined,
        deviceName: 'Chrome',
        pair: async () => ({ type: 'failed', code: 'internal' }),
      }}
    />
  );
  const view = await mount(viewOf('connected'));
  expect(view.button('Enter time')).toBeUndefined();
  await view.redraw(viewOf('ended'));
  await view.click('Enter time');
  expect(worker.last('open-entry-form').request).toMatchObject({ form: 'time', entryId: 'conversation-1' });
});
