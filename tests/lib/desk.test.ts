// What views are told, and how often.
import { expect, test } from 'vitest';
import { createDesk } from '#lib/desk.ts';
import type { HeldJournal, NoteDraft } from '#lib/journal.ts';
import type { Desk } from '#lib/messages.ts';
import type { PhoneState } from '#lib/phone.ts';
import { aLine, aState } from '../components/builders.ts';
import { createFakeEvent } from '../fakes/browser-event.ts';
import { createFakeClock } from '../fakes/clock.ts';

function setUp() {
  const clock = createFakeClock();
  const published: Partial<Desk>[] = [];
  const phoneChanged = createFakeEvent<(state: PhoneState) => void>();
  const journalChanged = createFakeEvent<() => void>();
  const notesChanged = createFakeEvent<() => void>();
  const openedChanged = createFakeEvent<() => void>();
  const world = {
    phone: aState([]),
    journal: { entries: [], isLoaded: true, cursor: '7' } as HeldJournal,
    drafts: {} as Record<string, NoteDraft>,
    opened: undefined as Desk['opened'],
  };
  const desk = createDesk({
    phone: { state: () => world.phone, onChange: phoneChanged.addListener },
    journal: { state: () => world.journal, onChange: journalChanged.addListener },
    notes: { drafts: () => world.drafts, onChange: notesChanged.addListener },
    opened: { state: () => world.opened ?? undefined, onChange: openedChanged.addListener },
    clock,
    publish: (change) => published.push(structuredClone(change)),
  });
  phoneChanged.emit(world.phone);
  clock.advance(1_000);
  published.splice(0);
  return {
    ...{ clock, published, world, desk, journalChanged, notesChanged, openedChanged },
    change(phone: PhoneState) {
      world.phone = phone;
      phoneChanged.emit(phone);
    },
  };
}

test('the first change is told at once', () => {
  const { change, published } = setUp();
  change(aState([aLine()]));
  expect(published).toMatchObject([{ phone: { lines: [{}] } }]);
});

test('a hundred changes in a moment are told as two, the last of which is the present', () => {
  const { change, published, clock } = setUp();
  for (let count = 0; count < 100; count += 1) change(aState([aLine({ name: `Line ${count}` })]));
  clock.advance(1_000);
  expect(published.map(({ phone }) => phone?.lines[0]?.line.name)).toEqual(['Line 0', 'Line 99']);
  expect(clock.pending()).toBe(0);
});

test('that the relay was heard is told once a second at most, and everything else is not kept waiting by it', () => {
  const { change, published, clock, world } = setUp();
  const heard = (heardAt: number) => change({ ...world.phone, heardAt });
  for (let count = 1; count <= 50; count += 1) {
    heard(count);
    clock.advance(10);
  }
  expect(published.map(({ phone }) => phone?.heardAt)).toEqual([1]);
  change(aState([aLine()], { heardAt: 51 }));
  expect(published.map(({ phone }) => phone?.heardAt)).toEqual([1, 51]);
  clock.advance(1_000);
  expect(published.at(-1)?.phone).toMatchObject({ heardAt: 51, lines: [{}] });
});

test('changes of the phones do not send the journal, unless drafts begin or cease to wait', () => {
  const { change, published, clock } = setUp();
  change(aState([aLine()]));
  clock.advance(1_000);
  expect(published.filter(({ journal }) => journal)).toEqual([]);
  change(aState([aLine()], { link: { type: 'offline' } }));
  expect(published.filter(({ journal }) => journal)).toHaveLength(1);
});

test('journal and drafts go out together, without what is nobody else’s business', () => {
  const { world, published, notesChanged, journalChanged, desk, clock } = setUp();
  world.journal = { ...world.journal, oldestAt: '2026-11-20T08:00:00.000Z' };
  world.drafts = { c1: { text: 'one', state: 'saving' } };
  notesChanged.emit();
  journalChanged.emit();
  clock.advance(1_000);
  const journal = { entries: [], isLoaded: true, drafts: world.drafts };
  expect(published).toEqual([{ journal }, { journal }]);
  expect(desk.current()).toEqual({ phone: world.phone, journal, opened: null });
});

test('what takes everything away is told at once, also right after another change', () => {
  const { change, published, world, journalChanged, clock } = setUp();
  journalChanged.emit();
  change(aState([aLine()]));
  published.splice(0);
  const { user: _gone, ...nobody } = aState([], { link: { type: 'unpaired' } });
  world.journal = { entries: [], isLoaded: false };
  journalChanged.emit();
  change(nobody);
  // The next pairing, before the pauses are over.
  world.journal = { entries: [], isLoaded: true };
  journalChanged.emit();
  change(aState([], { user: { userId: 'paul', name: 'Paul' } }));
  clock.advance(1_000);
  expect(published.flatMap(({ phone }) => (phone ? [phone.user?.userId] : []))).toEqual([undefined, 'paul']);
  expect(published.flatMap(({ journal }) => (journal ? [journal.isLoaded] : []))[0]).toBe(false);
  expect(published.findLast(({ journal }) => journal)?.journal?.isLoaded).toBe(true);
});

test('that a contact was opened by itself is told at once, and that there is nothing to take back any more', () => {
  const { world, published, openedChanged, desk } = setUp();
  world.opened = { callId: 'call-1' };
  openedChanged.emit();
  expect(desk.current().opened).toEqual({ callId: 'call-1' });
  world.opened = undefined;
  openedChanged.emit();
  expect(published).toEqual([{ opened: { callId: 'call-1' } }, { opened: null }]);
  expect(desk.current().opened).toBeNull();
});
