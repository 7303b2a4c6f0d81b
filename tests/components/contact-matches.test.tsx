// Who it is, what is known of them, and what was spoken before, below a call.
import type { Contact } from '@offhook/protocol';
import { act } from 'preact/test-utils';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ContactMarks } from '#components/ContactMarks.tsx';
import { ContactMatches } from '#components/ContactMatches.tsx';
import { Facts } from '#components/Facts.tsx';
import { History } from '#components/History.tsx';
import { aCall, aColleague, aContact, aLine, anEntry, aRemote, aState, aStranger } from './builders.ts';
import { createFakeWorker } from './fake-worker.ts';
import { mount, settle } from './mount.tsx';

const NUMBER = { kind: 'e164', number: '+493023125077' } as const;
const FORMS = { contact: 'https://crm.example/new?phone={number}' };
// The answer, and all that is drawn of it.
async function told(answer: () => void): Promise<void> {
  answer();
  await settle();
}

const foundOf = (...contacts: Contact[]) => ({
  type: 'found' as const,
  matches: contacts.map((contact) => ({ contact, numbers: [] })),
});
const bernd = aContact({ contactId: 'c002', name: 'Bernd Krüger' });
const deskOf = (change = {}) => ({
  phone: aState([aLine(), aColleague('22', { name: 'Jonas Beck', lineId: 'line-22' })], change),
  journal: { entries: [], isLoaded: true, drafts: {} },
});

describe('an unknown caller', () => {
  async function unknown(change = {}) {
    const worker = createFakeWorker();
    const call = aCall({ remote: aStranger() });
    const view = await mount(<ContactMatches {...{ call, send: worker.send }} desk={deskOf(change)} />);
    await told(() => worker.last('lookup').answer(foundOf()));
    return { view, worker };
  }

  test('can be given to a contact that is searched for, and that can be taken back', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { view, worker } = await unknown();
    expect(view.text()).toContain('Nobody in your contacts has this number.');
    expect(view.buttons()).toEqual(['Assign to a contact']);
    await view.click('Assign to a contact');
    await view.type('input', 'anna');
    await act(() => void vi.advanceTimersByTime(250));
    expect(worker.last('search').request).toEqual({ text: 'anna' });
    await told(() => worker.last('search').answer({ ...foundOf(aContact()), more: false }));
    await view.click('It is Anna Krüger');
    expect(worker.last('assign-contact').request).toEqual({ number: NUMBER, contactId: 'c001', undo: false });
    await told(() => worker.last('assign-contact').answer({ type: 'done' }));
    expect(view.text()).toContain('this number belongs to Anna Krüger');
    await view.click('Undo');
    expect(worker.last('assign-contact').request).toEqual({ number: NUMBER, contactId: 'c001', undo: true });
    await told(() => worker.last('assign-contact').answer({ type: 'done' }));
    expect(view.text()).toContain('Nobody in your contacts');
  });

  test('can be entered as a new contact where the company has a form for it', async () => {
    const { view, worker } = await unknown({ entryForms: FORMS });
    await view.click('Create contact');
    expect(worker.last('open-entry-form').request).toMatchObject({ form: 'contact', entryId: 'conversation-1' });
  });
});

describe('a caller who may be one of several', () => {
  test('is chosen by a button beside each name', async () => {
    const worker = createFakeWorker();
    const call = aCall();
    const view = await mount(<ContactMatches {...{ call, send: worker.send }} desk={deskOf()} />);
    await told(() => worker.last('lookup').answer(foundOf(aContact(), bernd)));
    expect(view.text()).toContain('AlsoBernd Krüger, Elbe Logistik KG');
    await view.click('It is Bernd Krüger');
    expect(worker.last('assign-contact').request).toMatchObject({ contactId: 'c002' });
  });

  test('and is told where the choice does not hold, and why', async () => {
    const worker = createFakeWorker();
    const view = await mount(<ContactMatches call={aCall()} send={worker.send} desk={deskOf()} />);
    await told(() => worker.last('lookup').answer(foundOf(aContact(), bernd)));
    await view.click('It is Bernd Krüger');
    await told(() => worker.last('assign-contact').answer({ type: 'failed', code: 'store-unavailable' }));
    expect(view.text()).toContain('cannot write anything down');
    expect(view.text()).not.toContain('this number belongs to');
    await view.click('It is Bernd Krüger');
    await told(() => worker.last('assign-contact').answer({ type: 'done' }));
    expect(view.text()).not.toContain('cannot write anything down');
  });

  test('and where they are many, the rest stands behind how many they are', async () => {
    const worker = createFakeWorker();
    const many = Array.from({ length: 6 }, (_, at) => aContact({ contactId: `d${at}`, name: `Desk ${at}` }));
    const view = await mount(<ContactMatches call={aCall()} send={worker.send} desk={deskOf()} />);
    await told(() => worker.last('lookup').answer(foundOf(aContact(), ...many)));
    expect(view.text()).not.toContain('Desk 5');
    await view.click('2 more');
    await view.click('It is Desk 5');
    expect(worker.last('assign-contact').request).toMatchObject({ contactId: 'd5' });
  });

  test('and of a test call of this browser nothing can be chosen', async () => {
    const worker = createFakeWorker();
    const call = aCall({ callId: 'sample:1' });
    const view = await mount(<ContactMatches {...{ call, send: worker.send }} desk={deskOf()} />);
    await told(() => worker.last('lookup').answer(foundOf(aContact(), bernd)));
    expect(view.buttons()).toEqual(['Bernd Krüger, Elbe Logistik KG']);
  });
});

describe('the history', () => {
  const past = (id: string, change = {}) => anEntry({ entryId: id, conversationId: id, ...change });

  test('has the last conversations with the contact, with the colleague whose line it was, but not the call itself', async () => {
    const worker = createFakeWorker();
    const onShowCalls = vi.fn();
    const call = aCall();
    const view = await mount(
      <History
        {...{ call, send: worker.send, onShowCalls }}
        desk={deskOf()}
        now={Date.parse('2026-11-20T13:30:00Z')}
      />,
    );
    expect(worker.last('history').request).toEqual({ contactId: 'c001', limit: 5 });
    const entries = [
      past('conversation-1', { note: 'this very call' }),
      past('a', { note: 'offer by Friday', lineId: 'line-22' }),
      past('b', { outcome: 'missed' }),
      past('c'),
      past('d', { note: 'too old to be shown' }),
    ];
    await told(() => worker.last('history').answer({ type: 'page', entries, more: true }));
    expect(view.text()).toContain('Jonas Beck · offer by Friday');
    expect(view.text()).not.toMatch(/this very call|too old/);
    expect(view.root.querySelectorAll('.history__one')).toHaveLength(3);
    await view.click('Show all');
    expect(onShowCalls).toHaveBeenCalledWith('Anna Krüger');
  });

  test('of who is unknown is that of the number, and nothing is drawn where there is none', async () => {
    const worker = createFakeWorker();
    const call = aCall({ remote: aStranger() });
    const view = await mount(
      <History {...{ call, send: worker.send }} desk={deskOf()} now={0} onShowCalls={undefined} />,
    );
    expect(worker.last('history').request).toEqual({ number: NUMBER, limit: 5 });
    await told(() => worker.last('history').answer({ type: 'page', entries: [], more: false }));
    expect(view.text()).toBe('');
  });
});

describe('facts', () => {
  test('are shown at once, and what the CRM says now comes later', async () => {
    const worker = createFakeWorker();
    const view = await mount(<Facts call={aCall()} send={worker.send} />);
    const first = [{ label: 'Account manager', text: 'Mia Sample' }];
    expect(worker.last('facts').request).toMatchObject({ contactId: 'c001', waits: false });
    await told(() => worker.last('facts').answer({ type: 'facts', facts: first, isComplete: false }));
    expect(view.text()).toBe('Account managerMia Sample');
    expect(worker.last('facts').request).toMatchObject({ contactId: 'c001', waits: true });
    const all = [...first, { label: 'Open tickets', text: '3' }];
    await told(() => worker.last('facts').answer({ type: 'facts', facts: all, isComplete: false }));
    expect(view.text()).toBe('Account managerMia SampleOpen tickets3');
    expect(worker.asked('facts')).toHaveLength(2);
  });

  test('are not asked for of who is only perhaps meant', async () => {
    const worker = createFakeWorker();
    const call = aCall({ remote: aRemote({ contact: aContact({ match: 'probable' }) }) });
    await mount(<Facts call={call} send={worker.send} />);
    expect(worker.asked('facts')).toEqual([]);
  });
});

test('who matters most, and who is not to be called, is marked, unless it is only perhaps that person', async () => {
  const marked = await mount(<ContactMarks contact={aContact({ vip: true, doNotCall: true })} />);
  expect(marked.text()).toBe('VIPDo not call');
  const perhaps = await mount(<ContactMarks contact={aContact({ vip: true, match: 'probable' })} />);
  expect(perhaps.text()).toBe('');
});
