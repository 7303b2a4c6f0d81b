import { CALL_STATES, CAUSES, type Call, type CommandName } from '@offhook/protocol';
import { describe, expect, test, vi } from 'vitest';
import { CallCard } from '#components/CallCard.tsx';
import type { GivenOrder, OrderState, Orders } from '#components/use-orders.ts';
import { aCall, aContact, aLine, aRemote, aStranger } from './builders.ts';
import { mount } from './mount.tsx';
import { tOf, wordsOf } from './test-words.ts';

const NOW = Date.parse('2026-11-20T13:02:00.000Z');

interface Shown {
  call: Call;
  order?: OrderState;
  receivedAt?: number;
  isFresh?: boolean;
  canOrder?: boolean;
}

async function show({ call, order, receivedAt = NOW, isFresh = true, canOrder = true }: Shown) {
  const given: GivenOrder[] = [];
  const orders: Orders = { of: () => order, give: (one) => void given.push(one), dismiss: vi.fn() };
  const onOpenContact = vi.fn();
  const onCallAgain = vi.fn();
  const view = await mount(
    <CallCard
      line={aLine({ calls: [call] })}
      call={call}
      receivedAt={receivedAt}
      age={{ now: NOW, staleSince: NOW - 60_000, isFresh }}
      orders={orders}
      isFocused={false}
      canOrder={canOrder}
      onOpenContact={onOpenContact}
      onCallAgain={onCallAgain}
    />,
  );
  return { view, given, orders, onOpenContact, onCallAgain };
}

describe('who', () => {
  test('a known caller has name, company and number in the international form', async () => {
    const { view } = await show({ call: aCall() });
    expect(view.root.querySelector('h3')?.textContent).toBe('Anna Krüger');
    expect(view.text()).toContain('Elbe Logistik KG · +49 30 23125042');
  });

  test('a name that only the network claims stands below the number, as a claim', async () => {
    const { view } = await show({ call: aCall({ remote: aStranger({ name: 'Sparkasse' }) }) });
    expect(view.root.querySelector('h3')?.textContent).toBe('030 23125077');
    expect(view.text()).toContain('claims to be “Sparkasse”');
  });

  test('a colleague has the name of the line and the extension', async () => {
    const remote = { number: { kind: 'internal', number: '31' }, name: 'Lena Huber', verified: true } as const;
    const { view } = await show({ call: aCall({ direction: 'internal', remote }) });
    expect(view.root.querySelector('h3')?.textContent).toBe('Lena Huber');
    expect(view.text()).toContain('Extension 31');
  });

  test('a probable match says so', async () => {
    const { view } = await show({ call: aCall({ remote: aRemote({ contact: aContact({ match: 'probable' }) }) }) });
    expect(view.root.querySelector('h3')?.textContent).toBe('perhaps Anna Krüger');
  });

  test('a hostile name stays text', async () => {
    const name = '<img src=x onerror="document.title=1"><b>Bank</b>&lt;';
    const { view } = await show({ call: aCall({ remote: aRemote({ contact: aContact({ name, company: name }) }) }) });
    expect(view.root.querySelectorAll('img, b')).toHaveLength(0);
    expect(view.root.querySelector('h3')?.textContent).toBe(name);
  });

  test('names are isolated from the writing direction around them', async () => {
    const { view } = await show({ call: aCall({ remote: aRemote({ contact: aContact({ name: 'שרה לוי' }) }) }) });
    expect(view.root.querySelector('h3 bdi')?.textContent).toBe('שרה לוי');
  });

  test('the number of ours that was called is told for an inbound call only', async () => {
    const inbound = await show({ call: aCall({ direction: 'inbound' }) });
    expect(inbound.view.text()).toContain('to 030 23125000');
    const outbound = await show({ call: aCall({ direction: 'outbound' }) });
    expect(outbound.view.text()).not.toContain('23125000');
    const direct = await show({ call: aCall({ dialled: { kind: 'internal', number: '18' } }) });
    expect(direct.view.text()).not.toContain('to Extension');
  });
});

describe('state', () => {
  const words: Record<Call['state'], string> = {
    initiated: 'Starting …',
    prompting: 'Your phone is ringing: lift it',
    dialing: 'Dialling',
    ringback: 'Ringing at the other end',
    queued: 'Waiting in a queue',
    offering: 'Calling you',
    connected: 'In call',
    held: 'On hold',
    failed: 'Not connected',
    ended: 'Ended',
    unknown: 'State unknown',
  };
  test.each([...CALL_STATES, 'unknown' as const])('%s has its word', async (state) => {
    const { view } = await show({ call: aCall({ state }) });
    expect(view.root.querySelector('.pill')?.textContent).toBe(words[state]);
  });

  test.each(CAUSES.filter((cause) => cause !== 'normal'))('a call that failed says why: %s', async (cause) => {
    const { view } = await show({ call: aCall({ state: 'failed', cause }) });
    expect(view.text()).toContain(tOf('en')(`cause_${cause}`));
  });

  test('what is no longer known is not shown as a state, and claims no running time', async () => {
    const { view } = await show({ call: aCall({ state: 'connected' }), isFresh: false, receivedAt: NOW - 60_000 });
    const since = wordsOf('en').moment(NOW - 60_000, NOW);
    expect(view.root.querySelector('.pill')?.textContent).toBe(`Unknown since ${since}`);
    expect(view.root.querySelector('.card__time')?.textContent).toBe('Incoming');
  });
});

describe('time', () => {
  const timeOf = (view: { root: HTMLElement }) => view.root.querySelector('.card__time')?.textContent;

  test('counts on from the age in the frame', async () => {
    const { view } = await show({ call: aCall({ connectedMs: 252_000 }), receivedAt: NOW - 3000 });
    expect(timeOf(view)).toBe('Incoming04:15');
  });

  test('counts the waiting before the answer', async () => {
    const { connectedMs: _none, ...ringing } = aCall({ state: 'offering', ageMs: 7000 });
    const { view } = await show({ call: ringing });
    expect(timeOf(view)).toBe('Incoming00:07');
  });

  test('stands still once the call is over', async () => {
    const { view } = await show({ call: aCall({ state: 'ended', connectedMs: 61_000 }), receivedAt: NOW - 30_000 });
    expect(timeOf(view)).toBe('Incoming01:01');
  });

  test('is marked as estimated where the phone system does not report the answer', async () => {
    const { view } = await show({ call: aCall({ answerReported: false, connectedMs: 5000 }) });
    expect(timeOf(view)).toBe('Incoming≈ 00:05');
    expect(view.root.querySelector('.card__time')?.getAttribute('title')).toContain('does not report the answer');
  });
});

describe('what can be done', () => {
  const offers: [Call['state'], CommandName[], string[]][] = [
    ['offering', ['answer', 'drop'], ['Answer', 'Decline']],
    ['offering', ['drop'], ['Decline']],
    ['offering', [], []],
    ['connected', ['hold', 'drop', 'retrieve', 'answer'], ['Hold', 'Hang up']],
    ['connected', ['drop'], ['Hang up']],
    ['held', ['hold', 'retrieve', 'drop'], ['Take back', 'Hang up']],
    ['prompting', ['drop', 'hold'], ['Hang up']],
    ['ringback', ['drop'], ['Hang up']],
    ['failed', ['drop'], ['Hang up']],
    ['ended', ['drop', 'hold', 'answer'], []],
    ['unknown', ['drop'], ['Hang up']],
  ];
  test.each(offers)('%s with %j offers %j', async (state, capabilities, expected) => {
    const { view } = await show({
      call: aCall({ state, capabilities, remote: aStranger({ number: { kind: 'hidden' } }) }),
    });
    expect(view.buttons()).toEqual(expected);
  });

  test('says what to do where the usual is missing, and why', async () => {
    const { view } = await show({ call: aCall({ state: 'offering', capabilities: [] }) });
    const hint = view.root.querySelector('.card__missing');
    expect(hint?.textContent).toBe('Lift the handset to answer');
    expect(hint?.getAttribute('title')).toContain('cannot answer');
    expect(hint?.getAttribute('title')).toContain('cannot decline');
  });

  test.each([
    ['Answer', 'answer', 'offering'],
    ['Decline', 'drop', 'offering'],
    ['Hold', 'hold', 'connected'],
    ['Hang up', 'drop', 'connected'],
    ['Take back', 'retrieve', 'held'],
  ] as const)('%s orders %s for this call on this line', async (label, name, state) => {
    const { view, given } = await show({ call: aCall({ state }) });
    await view.click(label);
    expect(given).toEqual([{ key: 'call-1', lineId: 'line-18', callId: 'call-1', order: { name, args: {} } }]);
  });

  test('nothing can be ordered while an order is under way, or while the relay is away', async () => {
    const pending = await show({ call: aCall(), order: { type: 'pending' } });
    expect(pending.view.button('Hang up')?.disabled).toBe(true);
    expect(pending.view.text()).toContain('Order on its way');
    const away = await show({ call: aCall(), canOrder: false });
    expect(away.view.button('Hang up')?.disabled).toBe(true);
  });

  test('a failed order is told in words on the card until it is dismissed', async () => {
    const { view, orders } = await show({ call: aCall(), order: { type: 'failed', code: 'not-supported' } });
    expect(view.root.querySelector('[role=alert]')?.textContent).toContain('cannot do this from the browser');
    await view.click('Dismiss');
    expect(orders.dismiss).toHaveBeenCalledWith('call-1');
  });

  test('an order of which nobody knows says to look at the phone', async () => {
    const { view } = await show({ call: aCall(), order: { type: 'unknown' } });
    expect(view.root.querySelector('[role=alert]')?.textContent).toContain('Look at your phone');
  });

  test('the contact opens where it has a page, and only there', async () => {
    const { view, onOpenContact } = await show({ call: aCall() });
    await view.click('Open contact');
    expect(onOpenContact).toHaveBeenCalledWith('call-1');
    const { url: _none, ...withoutPage } = aContact();
    const plain = await show({ call: aCall({ remote: aRemote({ contact: withoutPage }) }) });
    expect(plain.view.button('Open contact')).toBeUndefined();
  });

  test('a call that is over can be made again, unless its number is not known', async () => {
    const { view, onCallAgain } = await show({ call: aCall({ state: 'ended' }) });
    await view.click('Call again');
    expect(onCallAgain).toHaveBeenCalledOnce();
    const withheld = aCall({ state: 'ended', remote: aStranger({ number: { kind: 'anonymous' } }) });
    expect((await show({ call: withheld })).view.buttons()).toEqual([]);
  });
});
