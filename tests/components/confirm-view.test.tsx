// The card on which a call from elsewhere is confirmed: what it says, and every way in which it must not call.
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConfirmView } from '#components/ConfirmView.tsx';
import { CALM_MS } from '#components/use-calm.ts';
import type { AskedCall, AskedCalls } from '#lib/asked-calls.ts';
import { countryFor, readAsked } from '#lib/read-asked.ts';
import { aCall, aContact, aLine, aState } from './builders.ts';
import { createFakeWorker } from './fake-worker.ts';
import { askedOf } from './gallery/confirm-states.ts';
import { type DeskFixture, deskOf, settingsOf } from './gallery/desk-fixture.ts';
import { type Mounted, mount, settle } from './mount.tsx';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LINK: AskedCall = { id: 'a', kind: 'link', text: 'tel:+493023125042', from: 'outside' };
const number = { kind: 'e164', number: '+493023125042' } as const;
const NATIONAL = 'tel:030-23125042';
const FIELD = '.confirm-card__input';

interface Given {
  state?: DeskFixture['state'];
  settings?: DeskFixture['settings'] | undefined;
  asked?: AskedCalls | undefined;
}

async function card(given: Given = {}) {
  const worker = createFakeWorker();
  const spies = { onDone: vi.fn(), onClose: vi.fn(), onOpenOptions: vi.fn() };
  const { state = aState([aLine()]), settings: chosen = {} } = given;
  const settings = settingsOf({ settings: chosen ?? {} });
  let country = 'DE';
  const draw = (asked: AskedCalls | undefined) => (
    <ConfirmView
      desk={deskOf({ state })}
      {...{ settings, asked, ...spies }}
      send={worker.send}
      read={(call) => readAsked(call, countryFor(call, settings, country))}
      onChangeSettings={async () => undefined}
    />
  );
  const view = await mount(draw('asked' in given ? given.asked : askedOf([LINK])));
  const show = (asked: AskedCalls) => view.redraw(draw(asked));
  /** The relay says which country it is in. */
  const move = (to: string) => {
    country = to;
    return show(askedOf([{ ...LINK, text: NATIONAL }]));
  };
  return { view, worker, ...spies, show, move };
}

type Card = Awaited<ReturnType<typeof card>>;

async function pass(ms: number): Promise<void> {
  await act(() => void vi.advanceTimersByTime(ms));
  await settle();
}

async function previewed({ worker }: Card, change: object = {}): Promise<void> {
  await pass(400);
  worker.last('preview').answer({ dialled: '03023125042', number, decision: 'allowed', ...change });
  await settle();
}

/** Shown for long enough, and nobody at the keyboard. */
async function calm(one: Card): Promise<Card> {
  await previewed(one);
  await pass(CALM_MS);
  return one;
}

// Enter on a button is a click without a pointer.
async function pressEnterOn(view: Mounted, label: string): Promise<void> {
  await act(() => {
    view.button(label)?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 0 }));
  });
}

async function clickOn(view: Mounted, label: string): Promise<void> {
  await act(() => {
    view.button(label)?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1 }));
  });
}

async function key(name: string): Promise<void> {
  await act(() => void window.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true })));
}

describe('the card says', () => {
  test('where the call comes from, the number, its country and why, and what is dialled on which line', async () => {
    const one = await card();
    await previewed(one);
    const text = one.view.text();
    expect(text).toContain('Phone link from outside the browser');
    expect(one.view.root.querySelector<HTMLInputElement>(FIELD)?.value).toBe('+49 30 23125042');
    expect(text).toContain('Germany, by its country code');
    expect(text).toContain('Dials 03023125042 on line 18');
  });

  test.each<[string, Partial<AskedCall>, Given['settings'], string]>([
    ['a national number', { text: 'tel:030-23125042' }, { country: 'DE' }, 'Germany, your country in the options'],
    ['one without any country set', { text: 'tel:030-23125042' }, { country: undefined }, 'Germany, assumed'],
    [
      'one on a site with a country',
      { text: 'tel:044 668 18 00', site: 'https://mail.example', from: 'menu' },
      { siteRules: { 'https://mail.example': { state: 'on', country: 'CH' } } },
      'Switzerland, as set for this site',
    ],
  ])('by which country %s was read, and how it is written', async (_title, change, settings, expected) => {
    const { view } = await card({ asked: askedOf([{ ...LINK, ...change }]), settings });
    expect(view.text()).toContain(expected);
    expect(view.text()).toContain('Written as');
  });

  test('whose number it is, and that it is asked of the relay by number alone', async () => {
    const one = await card();
    await previewed(one);
    expect(one.worker.last('lookup').request).toEqual({ number });
    one.worker.last('lookup').answer({ type: 'found', matches: [{ contact: aContact(), numbers: [] }] });
    await settle();
    expect(one.view.text()).toContain('Anna KrügerElbe Logistik KG');
  });

  test.each([
    ['a link without a number', { text: 'sip:anna@pbx.example' }, 'The link “anna@pbx.example” holds no phone number'],
    ['a text without one', { kind: 'text', text: 'Order 12' }, 'No phone number was found in “Order 12”'],
    ['a text in which digits are none of this country', { kind: 'text', text: '0123456' }, 'read as those of Germany'],
    ['a text that is too long', { kind: 'text', text: '1 '.repeat(500) }, 'too long for a phone number'],
  ] as const)('that %s is none, and what to do', async (_title, change, expected) => {
    const { view } = await card({ asked: askedOf([{ ...LINK, ...change }]) });
    expect(view.text()).toContain(expected);
    expect(view.button('Call')?.disabled).toBe(true);
  });

  test('that this browser is not connected, and opens the options for it', async () => {
    const one = await card({ state: aState([], { link: { type: 'unpaired' } }) });
    await pass(CALM_MS);
    expect(one.view.text()).toContain('Not connected yet');
    expect(one.view.button('Call')).toBeUndefined();
    await clickOn(one.view, 'Set up');
    expect(one.onOpenOptions).toHaveBeenCalledOnce();
    expect(one.worker.asked('lookup')).toEqual([]);
  });

  test('the number of the country that it names, also where that is known later', async () => {
    const one = await card({ asked: askedOf([{ ...LINK, text: NATIONAL }]), settings: { country: undefined } });
    await pass(400);
    expect(one.view.text()).toContain('Germany');
    await one.move('IT');
    await pass(400);
    expect(one.view.text()).toContain('Italy');
    expect(one.worker.last('preview').request.number).toEqual({ kind: 'e164', number: '+3903023125042' });
  });

  test('what is being called as it was read then', async () => {
    const one = await calm(
      await card({ asked: askedOf([{ ...LINK, text: NATIONAL }]), settings: { country: undefined } }),
    );
    await clickOn(one.view, 'Call');
    await one.move('IT');
    expect(one.view.text()).toContain('Germany');
    one.worker.last('command').answer({ type: 'done' });
    await settle();
    expect(one.view.text()).toContain('Your phone is being called.');
  });

  test('that the agent is in a call', async () => {
    const one = await card({ state: aState([aLine({ calls: [aCall()] })]) });
    await previewed(one);
    expect(one.view.text()).toContain('You are in a call');
  });

  test('what else waits, and what was left out', async () => {
    const others = ['b', 'c'].map((id) => ({ ...LINK, id, text: `tel:03023125${id}` }));
    const one = await card({ asked: askedOf([LINK, ...others], { leftOut: 27 }) });
    expect(one.view.text()).toContain('2 more are waiting · 27 links were left out');
    await clickOn(one.view, 'Cancel all');
    expect(one.onDone).toHaveBeenCalledWith('all');
  });
});

describe('a press on Call', () => {
  test('calls what the preview showed, says so, and the card is done', async () => {
    const one = await calm(await card());
    await clickOn(one.view, 'Call');
    expect(one.worker.last('command').request).toEqual({
      lineId: 'line-18',
      order: { name: 'makeCall', args: { number } },
    });
    one.worker.last('command').answer({ type: 'done', callId: 'call-1' });
    await settle();
    expect(one.view.text()).toContain('Your phone is being called.');
    expect(one.onDone).not.toHaveBeenCalled();
    await pass(1_200);
    expect(one.onDone).toHaveBeenCalledWith('a');
  });

  test('counts once', async () => {
    const one = await calm(await card());
    await clickOn(one.view, 'Call');
    await clickOn(one.view, 'Call');
    expect(one.worker.asked('command')).toHaveLength(1);
  });

  test('stays in front until it is known what became of it, whatever else is asked for meanwhile', async () => {
    const one = await calm(await card());
    await clickOn(one.view, 'Call');
    const other: AskedCall = { ...LINK, id: 'b', text: 'tel:030-23125043' };
    await one.show(askedOf([other, LINK]));
    one.worker.last('command').answer({ type: 'done' });
    await settle();
    expect(one.view.text()).toContain('Your phone is being called.');
    await pass(2_000);
    expect(one.onDone).toHaveBeenCalledExactlyOnceWith('a');
    await one.show(askedOf([other]));
    expect(one.view.text()).toContain('Written as 030-23125043');
  });

  test('of which nobody knows whether it was dialled is not offered anew', async () => {
    const one = await calm(await card());
    await clickOn(one.view, 'Call');
    one.worker.last('command').answer({ type: 'unknown' });
    await settle();
    // The same link once more.
    await one.show(askedOf([{ ...LINK, id: 'b' }]));
    expect(one.view.text()).toContain('Nobody can tell whether this arrived.');
    await clickOn(one.view, 'Cancel');
    expect(one.onDone).toHaveBeenCalledExactlyOnceWith('a');
  });

  test('that fails leaves the card with the reason', async () => {
    const one = await calm(await card());
    await clickOn(one.view, 'Call');
    one.worker.last('command').answer({ type: 'failed', code: 'pbx-rejected' });
    await settle();
    expect(one.view.text()).toContain('The phone system refused the order');
    await pass(5_000);
    expect(one.onDone).not.toHaveBeenCalled();
  });

  test('calls the number that was typed instead', async () => {
    const one = await card();
    await one.view.type(FIELD, '030 23125043');
    await pass(400);
    expect(one.worker.last('preview').request.number).toEqual({ kind: 'raw', text: '030 23125043' });
    expect(one.view.text()).toContain('Changed by you');
  });

  test('does nothing for what may not be dialled', async () => {
    const one = await card({ asked: askedOf([{ ...LINK, text: 'tel:*21*03023125042%23' }]) });
    const refused = { decision: 'refused', code: 'policy-blocked', params: { reason: 'code' }, dialled: undefined };
    await previewed(one, refused);
    await pass(CALM_MS);
    expect(one.view.button('Call')?.disabled).toBe(true);
    expect(one.view.text()).toContain('Dial codes such as *21# on the phone itself.');
  });
});

describe('nothing is called', () => {
  test('by itself, however long the card stands', async () => {
    const one = await calm(await card());
    await pass(60_000);
    expect(one.worker.asked('command')).toEqual([]);
  });

  test('by a click that comes too early', async () => {
    const one = await card();
    await previewed(one);
    await clickOn(one.view, 'Call');
    expect(one.worker.asked('command')).toEqual([]);
  });

  test('by Enter while somebody still types, and only once the keyboard was at rest', async () => {
    const one = await card();
    await key('H');
    await previewed(one);
    for (let at = 0; at < 10; at += 1) {
      await key('e');
      await pass(CALM_MS - 100);
    }
    expect(document.activeElement).toBe(document.body);
    await pressEnterOn(one.view, 'Call');
    expect(one.worker.asked('command')).toEqual([]);
    await pass(CALM_MS);
    expect(document.activeElement).toBe(one.view.button('Call'));
    await pressEnterOn(one.view, 'Call');
    expect(one.worker.asked('command')).toHaveLength(1);
  });

  test('by the Enter at the end of what somebody begins to type while Call has the focus', async () => {
    const one = await calm(await card());
    expect(document.activeElement).toBe(one.view.button('Call'));
    for (const letter of 'yes') await key(letter);
    await pressEnterOn(one.view, 'Call');
    expect(one.worker.asked('command')).toEqual([]);
    await pass(CALM_MS);
    await pressEnterOn(one.view, 'Call');
    expect(one.worker.asked('command')).toHaveLength(1);
  });

  test.each(['page', 'either'] as const)('by Enter for what a page may have asked for (%s)', async (from) => {
    await calm(await card({ asked: askedOf([{ ...LINK, from }]) }));
    expect(document.activeElement).toBe(document.body);
  });

  test('by a press that was meant for the card before it', async () => {
    const one = await calm(await card({ asked: askedOf([LINK, { ...LINK, id: 'b', text: 'tel:030-23125043' }]) }));
    await one.show(askedOf([{ ...LINK, id: 'b', text: 'tel:030-23125043' }]));
    await previewed(one);
    await clickOn(one.view, 'Call');
    await pressEnterOn(one.view, 'Call');
    expect(one.worker.asked('command')).toEqual([]);
  });
});

describe('the card goes', () => {
  test.each<[string, (one: Card) => Promise<void>]>([
    ['by Cancel', (one) => clickOn(one.view, 'Cancel')],
    ['by Escape', async () => key('Escape')],
  ])('%s', async (_title, leave) => {
    const one = await calm(await card());
    await leave(one);
    expect(one.onDone).toHaveBeenCalledWith('a');
    expect(one.worker.asked('command')).toEqual([]);
  });

  test('and its window with the last one, but not before it is known that there is none', async () => {
    const one = await card({ asked: undefined });
    expect(one.onClose).not.toHaveBeenCalled();
    await one.show(askedOf([]));
    expect(one.onClose).toHaveBeenCalledOnce();
  });
});
