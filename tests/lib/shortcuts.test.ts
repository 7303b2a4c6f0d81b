// The keyboard commands.
import type { Call } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import type { OrderResult } from '#lib/messages.ts';
import type { ExplainedText } from '#lib/page-facts.ts';
import type { PhoneState } from '#lib/phone.ts';
import { createShortcuts } from '#lib/shortcuts.ts';
import { aCall, aColleague, aLine, aState, aStranger } from '../components/builders.ts';
import { createFakeClock } from '../fakes/clock.ts';

const offered = (change: Partial<Call> = {}) => aCall({ state: 'offering', ageMs: 1_000, ...change });
const A_NUMBER = { number: { kind: 'e164', number: '+493023125042' }, text: '030 23125042', isFax: false } as const;
const on = (...calls: Call[]) => aState([aLine({ calls })]);

/** The keys of one worker: what was done for them, and what its phones show. */
function setUp(
  first: PhoneState,
  {
    shows = true,
    opens = true,
    numbers = 1,
    result = { type: 'done' } as OrderResult,
    reasons = [] as ExplainedText[],
  } = {},
) {
  const done: string[] = [];
  const clock = createFakeClock();
  const listeners: ((state: PhoneState) => void)[] = [];
  let state = first;
  const shortcuts = createShortcuts({
    phone: { state: () => state, onChange: (listener) => void listeners.push(listener) },
    clock,
    settled: async () => undefined,
    page: {
      async show(order) {
        done.push(order);
        return shows;
      },
      selectionReasons: async () => reasons,
      numbers: async () => Array.from({ length: numbers }, () => A_NUMBER),
    },
    async openList() {
      done.push('list');
      return opens;
    },
    async give({ callId, order }) {
      done.push(`${order.name} ${callId}`);
      return result;
    },
    async openContact(callId) {
      done.push(`open ${callId}`);
      return opens;
    },
    say: async (reason) => void done.push(reason),
    explain: async ({ text, rule }) => void done.push(`${text}: ${rule}`),
    tell: async (callId, said) => void (said.type !== 'done' && done.push(`${callId}: ${JSON.stringify(said)}`)),
  });
  return {
    done,
    clock,
    press: (name = 'answer-or-drop') => shortcuts.run(name),
    becomes(next: PhoneState) {
      state = next;
      for (const listener of listeners) listener(state);
    },
  };
}

async function pressed(name: string, state: PhoneState, answers: Parameters<typeof setUp>[1] = {}): Promise<string[]> {
  const { done, press } = setUp(state, answers);
  await press(name);
  return done;
}

describe('answer or hang up', () => {
  test.each<[string, PhoneState, string[]]>([
    ['answers what rings', on(offered()), ['answer call-1']],
    ['answers the one that rings longest', on(offered(), offered({ callId: 'older', ageMs: 9_000 })), ['answer older']],
    ['answers what rings although somebody speaks', on(aCall({ callId: 'spoken' }), offered()), ['answer call-1']],
    [
      'answers the one that can be answered',
      on(offered({ callId: 'dumb', ageMs: 9_000, capabilities: [] }), offered()),
      ['answer call-1'],
    ],
    [
      'says that it cannot, and does not hang up instead',
      on(aCall({ callId: 'spoken' }), offered({ capabilities: ['drop'] })),
      ['call-1: {"type":"failed","code":"not-supported"}'],
    ],
    ['hangs up what is spoken on', on(aCall({ callId: 'h', state: 'held', ageMs: 1e6 }), aCall()), ['drop call-1']],
    ['hangs up what is being dialled', on(aCall({ state: 'ringback' })), ['drop call-1']],
    ['never hangs up a call on hold', on(aCall({ state: 'held' })), ['shortcut_no_call']],
    ['does nothing about what is over', on(aCall({ state: 'ended' })), ['shortcut_no_call']],
    ['leaves colleagues alone', aState([aColleague('11', { calls: [offered()] })]), ['shortcut_no_call']],
    ['does nothing on an old picture', { ...on(offered()), link: { type: 'offline' } }, ['shortcut_no_call']],
  ])('%s', async (_title, state, expected) => {
    expect(await pressed('answer-or-drop', state)).toEqual(expected);
  });
});

describe('a key never ends a conversation that the agent did not mean', () => {
  const spoken = aCall({ callId: 'spoken' });
  const CALM_MS = 1_500;

  test.each<[string, PhoneState]>([
    ['gave up', on(spoken)],
    ['is shown as over', on(spoken, aCall({ state: 'ended', cause: 'cancelled' }))],
    ['was answered elsewhere', on(aCall())],
  ])('when what rang %s just before it', async (_title, then) => {
    const { done, clock, press, becomes } = setUp(on(spoken, offered()));
    becomes(then);
    clock.advance(CALM_MS - 1);
    await press();
    expect(done).toEqual(['shortcut_just_stopped']);
    clock.advance(1);
    await press();
    expect(done[1]).toMatch(/^drop /);
  });

  test('when one of two that rang gave up, the other is answered', async () => {
    const { done, press, becomes } = setUp(on(spoken, offered(), offered({ callId: 'other' })));
    becomes(on(spoken, offered({ callId: 'other' })));
    await press();
    expect(done).toEqual(['answer other']);
  });

  test('by a second press after it answered, however late the phone says so', async () => {
    for (const delayMs of [0, CALM_MS - 1]) {
      const { done, clock, press, becomes } = setUp(on(offered()));
      await press();
      clock.advance(delayMs);
      becomes(on(aCall()));
      await press();
      clock.advance(CALM_MS - 1 - delayMs);
      await press();
      expect(done, `${delayMs}`).toEqual(['answer call-1']);
    }
  });

  test('by two presses at once, which answer once', async () => {
    const { done, press } = setUp(on(offered(), offered({ callId: 'other' })));
    await Promise.all([press(), press()]);
    expect(done).toEqual(['answer call-1']);
  });

  test('but hangs up what it answered a while ago', async () => {
    const { done, clock, press, becomes } = setUp(on(offered()));
    await press();
    becomes(on(aCall()));
    clock.advance(CALM_MS);
    await press();
    expect(done).toEqual(['answer call-1', 'drop call-1']);
  });

  test('and answers again at once where the first order failed', async () => {
    const { done, press } = setUp(on(offered()), { result: { type: 'failed', code: 'no-line' } });
    await press();
    await press();
    expect(done.filter((one) => one.startsWith('answer'))).toHaveLength(2);
  });
});

describe('open the contact', () => {
  test.each<[string, PhoneState, string[]]>([
    ['of what rings, before the one that is spoken with', on(aCall({ callId: 'spoken' }), offered()), ['open call-1']],
    ['of the one that is spoken with', on(aCall()), ['open call-1']],
    ['says that there is none', on(offered({ remote: aStranger() })), ['shortcut_no_contact']],
  ])('%s', async (_title, state, expected) => {
    expect(await pressed('open-contact', state)).toEqual(expected);
  });

  test('says so when it cannot be opened', async () => {
    expect(await pressed('open-contact', on(aCall()), { opens: false })).toEqual([
      'open call-1',
      'shortcut_no_contact',
    ]);
  });
});

test.each([
  ['next-number', 'shortcut_no_number'],
  ['dial-selection', 'shortcut_no_selection'],
])('%s asks the page, and says so when there is none', async (name, reason) => {
  expect(await pressed(name, on())).toEqual([name]);
  expect(await pressed(name, on(), { shows: false })).toEqual([name, reason]);
});

test('dial-selection says why what is selected is no number, where digits are', async () => {
  const none: ExplainedText = { text: '4711', rule: 'too-short', isNumber: false };
  const reasons = [{ text: '030 23125042', rule: 'national', isNumber: true }, none];
  expect(await pressed('dial-selection', on(), { shows: false, reasons })).toEqual([
    'dial-selection',
    '4711: too-short',
  ]);
  expect(await pressed('dial-selection', on(), { reasons })).toEqual(['dial-selection']);
});

test('a command that is not ours does nothing', async () => {
  expect(await pressed('_execute_action', on(offered()))).toEqual([]);
});

describe('the list of numbers', () => {
  test.each<[string, Parameters<typeof setUp>[1], string[]]>([
    ['opens', {}, ['list']],
    ['stays away where the page has none, which is said', { numbers: 0 }, ['shortcut_no_number']],
    ['that the browser does not open is spoken of', { opens: false }, ['list', 'shortcut_no_list']],
  ])('%s', async (_title, answers, expected) => {
    expect(await pressed('list-numbers', on(), answers)).toEqual(expected);
  });
});
