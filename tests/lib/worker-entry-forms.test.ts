// A form of the CRM, from a view's request through the worker to a tab.
import { expect, test } from 'vitest';
import { aCall, aLine, anEntry } from '../components/builders.ts';
import { aWelcome } from '../fakes/relay-messages.ts';
import { aPairedWorld } from '../fakes/worker-world.ts';

const TIME = 'https://crm.example/time/new?call={call}&s={seconds}&note={note}';

async function aWorldWithForms() {
  const world = await aPairedWorld([aLine({ calls: [aCall({ conversationId: 'running-1' })] })]);
  await world.says(aWelcome({ entryForms: { time: TIME } }));
  return world;
}

test('opens for an entry that the worker holds, and is remembered as opened', async () => {
  const world = await aWorldWithForms();
  await world.says({ type: 'journal', cursor: '1', items: [anEntry({ note: 'Offer' })], more: false });
  expect(await world.ask('open-entry-form', { form: 'time', entryId: 'entry-1' })).toEqual({ type: 'done' });
  expect(world.opened).toEqual([{ url: 'https://crm.example/time/new?call=entry-1&s=252&note=Offer', active: true }]);
  const opened = [{ entryId: 'entry-1', form: 'time', at: world.clock.now() }];
  expect((await world.desk()).journal.openedForms).toEqual(opened);
  await world.ask('open-entry-form', { form: 'time', entryId: 'entry-1' });
  expect((await world.desk()).journal.openedForms).toEqual(opened);
  world.clock.advance(1_000);
  world.killWorker();
  await world.startWorker();
  expect((await world.desk()).journal.openedForms).toEqual(opened);
});

test('has the note that was typed a moment ago', async () => {
  const world = await aWorldWithForms();
  await world.says({ type: 'journal', cursor: '1', items: [anEntry()], more: false });
  await world.ask('note', { entryId: 'entry-1', text: 'just now', userId: 'mia' });
  await world.ask('open-entry-form', { form: 'time', entryId: 'entry-1' });
  expect(world.opened).toMatchObject([{ url: expect.stringContaining('note=just%20now') }]);
});

test('opens for a call that still runs and for an entry that only the view has', async () => {
  const world = await aWorldWithForms();
  await world.ask('open-entry-form', { form: 'time', entryId: 'running-1' });
  await world.ask('open-entry-form', { form: 'time', entryId: 'old-1', entry: anEntry({ entryId: 'old-1' }) });
  expect(world.opened).toMatchObject([
    { url: expect.stringContaining('call=running-1&s=252') },
    { url: expect.stringContaining('call=old-1&s=252') },
  ]);
});

test('fails where there is no such form, no such call, or no tab, and is not remembered then', async () => {
  const world = await aWorldWithForms();
  await world.says({ type: 'journal', cursor: '1', items: [anEntry()], more: false });
  expect(await world.ask('open-entry-form', { form: 'activity', entryId: 'entry-1' })).toEqual({ type: 'failed' });
  expect(await world.ask('open-entry-form', { form: 'time', entryId: 'nobody' })).toEqual({ type: 'failed' });
  world.browser.tabs.create = () => Promise.reject(new Error('no window'));
  expect(await world.ask('open-entry-form', { form: 'time', entryId: 'entry-1' })).toEqual({ type: 'failed' });
  expect((await world.desk()).journal.openedForms).toBeUndefined();
});

test('is gone with the pairing, and so is what was opened', async () => {
  const world = await aWorldWithForms();
  await world.says({ type: 'journal', cursor: '1', items: [anEntry()], more: false });
  await world.ask('open-entry-form', { form: 'time', entryId: 'entry-1' });
  await world.ask('unpair');
  const { phone, journal } = await world.desk();
  expect([phone.entryForms, journal.openedForms]).toEqual([undefined, undefined]);
});

test('a relay that has no forms any more takes them away with its next welcome', async () => {
  const world = await aWorldWithForms();
  expect((await world.state()).entryForms).toEqual({ time: TIME });
  await world.says(aWelcome());
  expect((await world.state()).entryForms).toBeUndefined();
});
