// The company's account in the form: asked once an address is there, one button, and a code for who has one.
import { expect, test, vi } from 'vitest';
import { PairForm, type Pairing } from '#components/PairForm.tsx';
import { Welcome } from '#components/Welcome.tsx';
import type { SignInOffer } from '#lib/company-sign-in.ts';
import { readPairingCode, readPairingLink } from '#lib/pairing-link.ts';
import type { SignInStatus } from '#lib/phone.ts';
import { mount, settle } from './mount.tsx';

const LINK_FIELD = '.pair .input';
const RELAY = 'https://relay.example';

interface Given {
  relay?: string;
  offer?: SignInOffer;
  status?: SignInStatus;
  isOnlyWay?: boolean;
}

async function form({ relay, offer = { type: 'offered', provider: 'Elbe-ID' }, status, isOnlyWay = false }: Given) {
  const asked = vi.fn(async (_relayUrl: string) => offer);
  const start = vi.fn<NonNullable<Pairing['companySignIn']>['start']>(() => new Promise(() => undefined));
  const pair = vi.fn<Pairing['pair']>(() => new Promise(() => undefined));
  const draw = (known: string | undefined, now: SignInStatus | undefined) => (
    <PairForm
      readLink={readPairingLink}
      readCode={readPairingCode}
      deviceName="Chrome · Linux"
      pair={pair}
      relay={known}
      companySignIn={{ offer: asked, start, status: now, isOnlyWay }}
    />
  );
  const view = await mount(draw(relay, status));
  await settle();
  const become = async (known: string | undefined, now?: SignInStatus) => {
    await view.redraw(draw(known, now));
    await settle();
  };
  /** The agent leaves the field, as the browser tells it. */
  const leaveField = async () => {
    view.root.querySelector(LINK_FIELD)?.dispatchEvent(new Event('change', { bubbles: true }));
    await settle();
  };
  const labels = () => [...view.root.querySelectorAll('button')].map(({ textContent }) => textContent);
  return { view, asked, start, pair, become, leaveField, labels };
}

test('the company’s relay is asked at once, and its button signs in under this device’s name', async () => {
  const { view, asked, start, labels } = await form({ relay: RELAY });
  expect(asked.mock.calls).toEqual([[RELAY]]);
  expect(labels()).toEqual(['Sign in with Elbe-ID', 'Use a code instead']);
  expect(view.text()).not.toContain('Eight letters');
  await view.click('Sign in with Elbe-ID');
  expect(start).toHaveBeenCalledExactlyOnceWith({ relayUrl: RELAY, deviceName: 'Chrome · Linux' });
});

test('a policy that arrives late has the same', async () => {
  const { asked, become, labels } = await form({});
  expect([asked.mock.calls, labels()]).toEqual([[], ['Connect']]);
  await become(RELAY);
  expect(labels()).toContain('Sign in with Elbe-ID');
});

test('an address that somebody types is asked when he leaves the field, and never before', async () => {
  const { view, asked, leaveField, labels } = await form({});
  for (const part of ['relay.e', 'relay.exam', 'relay.example']) await view.type(LINK_FIELD, part);
  expect(asked).not.toHaveBeenCalled();
  await leaveField();
  expect(asked.mock.calls).toEqual([[RELAY]]);
  expect(labels()).toContain('Sign in with Elbe-ID');
  await view.type(LINK_FIELD, 'relay.examples');
  expect(labels()).toEqual(['Connect']);
});

test('a link with a code in it asks for nothing else', async () => {
  const { view, asked, leaveField } = await form({});
  await view.type(LINK_FIELD, `${RELAY}/#pair=ABCDEFGH`);
  await leaveField();
  expect(asked).not.toHaveBeenCalled();
});

test('who has a code may use it', async () => {
  const { view, pair } = await form({ relay: RELAY });
  await view.click('Use a code instead');
  await view.type('.pair .field:nth-of-type(2) .input', 'ABC-DEFGH');
  await view.submit(LINK_FIELD);
  expect(pair).toHaveBeenCalledWith(expect.objectContaining({ code: 'ABCDEFGH' }));
});

test('no code where the company wants none', async () => {
  const { labels } = await form({ relay: RELAY, isOnlyWay: true });
  expect(labels()).toEqual(['Sign in with Elbe-ID']);
});

test('where there is no other way, the first step speaks of no pairing link', async () => {
  const { view } = await form({ relay: RELAY, isOnlyWay: true });
  expect(view.text()).toContain('Relay address');
  const doors = { offer: async () => ({ type: 'none' }) as const, start: vi.fn(), status: undefined };
  const pairing: Pairing = { readLink: readPairingLink, readCode: readPairingCode, deviceName: 'PC', pair: vi.fn() };
  const welcome = await mount(
    <Welcome pairing={{ ...pairing, companySignIn: { ...doors, isOnlyWay: true } }} hasOffer={false} />,
  );
  expect(welcome.text()).toContain('Sign in with your company account');
  expect(welcome.text()).not.toMatch(/pairing link/i);
});

test.each<SignInOffer>([{ type: 'none' }, { type: 'failed', code: 'relay-unreachable' }])(
  'a relay that answers %j is paired with by a code',
  async (offer) => {
    const { view, labels } = await form({ relay: RELAY, offer, isOnlyWay: true });
    expect(labels()).toEqual(['Connect']);
    expect(view.text()).toContain('Eight letters');
  },
);

test('while a page waits for the agent the form says so, and a second click does nothing', async () => {
  const { view, start } = await form({ relay: RELAY, status: { type: 'waiting', provider: 'Elbe-ID' } });
  expect(view.text()).toContain('Go on in the window of Elbe-ID');
  const button = [...view.root.querySelectorAll('button')].find((one) => one.textContent === 'Sign in with Elbe-ID');
  expect(button?.disabled).toBe(true);
  await view.submit(LINK_FIELD);
  expect(start).not.toHaveBeenCalled();
});

test.each([
  ['sign-in-refused', 'did not confirm you'],
  ['sign-in-cancelled', 'the window was closed'],
  ['sign-in-unavailable', 'cannot be reached just now'],
  ['user-unknown', 'does not know you yet'],
] as const)('%s is said in words, and the button is there', async (code, words) => {
  const { view, labels } = await form({ relay: RELAY, status: { type: 'failed', code } });
  expect(view.root.querySelector('[role=alert]')?.textContent).toContain(words);
  expect(labels()).toContain('Sign in with Elbe-ID');
});
