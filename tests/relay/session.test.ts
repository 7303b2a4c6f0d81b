import { expect, test } from 'vitest';
import { createSession, type SessionContext } from '../../relay/src/session.ts';
import { aGrant, BERLIN, settled } from './builders.ts';
import { createRig } from './session-rig.ts';

const hello = {
  type: 'hello',
  client: { name: 'test', version: '1', os: 'test', browser: 'test' },
  device: 'user-1',
  proof: 'cHJvb2Y',
  features: [],
};

/** A session whose sign-in answers when the test says so. */
function aSession(parts: Partial<SessionContext> = {}) {
  const rig = createRig({ users: { 'user-1': 'tenant-1' }, grants: [aGrant('user-1', '*', 'watch')] });
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { signIn } = rig.context;
  const sent: string[] = [];
  const closed: string[] = [];
  const session = createSession(
    {
      send: (frame) => sent.push(frame),
      sendMade: ({ text }) => sent.push(text),
      close: (_code, reason) => closed.push(reason),
      bufferedBytes: 0,
    },
    { origin: 'chrome-extension://sample', address: '127.0.0.1', dialledOrigin: 'ws://relay.test' },
    {
      ...rig.context,
      signIn: { ...signIn, verify: (request) => asked.then(() => signIn.verify(request)) },
      ...parts,
    },
  );
  const types = () => sent.map((frame) => (JSON.parse(frame) as { type: string }).type); // as the session wrote it
  return { ...rig, session, answer, types, closed };
}

test('who sends frame after frame while the sign-in waits is cut at the ninth', () => {
  const { session, closed } = aSession();
  for (let n = 0; n < 8; n += 1) session.receive(JSON.stringify(hello));
  expect(closed).toEqual([]);
  session.receive(JSON.stringify(hello));
  expect(closed).toEqual(['message-invalid']);
});

test('a proof that is checked too slowly signs nobody in', async () => {
  const { session, clock, answer, types, closed } = aSession();
  session.receive(JSON.stringify(hello));
  await settled();
  clock.advance(5_000);
  answer();
  await settled();
  expect(closed).toEqual(['timeout']);
  expect(types()).toEqual(['challenge']);
  expect(session.viewer).toBeUndefined();
  expect(clock.pending()).toBe(0);
});

test('a device that is revoked while it signs in is known by its claim and can be ended', async () => {
  const { session, answer, types, closed } = aSession();
  session.receive(JSON.stringify(hello));
  await settled();
  expect(session.deviceId).toBe('user-1');
  session.end('revoked');
  answer();
  await settled();
  expect(closed).toEqual(['revoked']);
  expect(types()).toEqual(['challenge']);
});

test("a welcome brings the forms of the tenant's own CRM, and no other one's", async () => {
  const time = 'https://crm.example/time/new';
  const rig = createRig({
    users: { 'user-1': 'tenant-1', 'user-2': 'tenant-2' },
    entryForms: { 'tenant-1': { time } },
  });
  const [first, second] = [await rig.connect('user-1'), await rig.connect('user-2')];
  const formsOf = ({ frames }: typeof first) => frames.find((frame) => frame.type === 'welcome')?.entryForms;
  expect([formsOf(first), formsOf(second)]).toEqual([{ time }, undefined]);
});

test('a welcome tells how the phone systems dial', async () => {
  const rig = createRig({ users: { 'user-1': 'tenant-1' } });
  const { frames } = await rig.connect('user-1');
  const [welcome] = frames.filter((frame) => frame.type === 'welcome');
  expect(welcome?.dialPlans).toEqual([{ dialPlanId: 'pbx-1', location: BERLIN }]);
});

test('frames behind the hello wait for it', async () => {
  const { session, answer, types } = aSession();
  session.receive(JSON.stringify(hello));
  session.receive(JSON.stringify({ type: 'ping', n: 1 }));
  await settled();
  expect(types()).toEqual(['challenge']);
  answer();
  await settled();
  expect(types()).toEqual(['challenge', 'welcome', 'pong']);
});

test('rights that cannot be read any more end the session', async () => {
  const { session, answer, access, closed, context } = aSession();
  session.receive(JSON.stringify(hello));
  answer();
  await settled();
  context.access.viewer = () => Promise.reject(new Error('disk full'));
  expect(context.access).toBe(access);
  await session.refresh();
  expect(closed).toEqual(['internal']);
});

test('a failure while a message is worked off ends the session, not the relay', async () => {
  const { signIn } = createRig({ users: {} }).context;
  const failing = { ...signIn, verify: () => Promise.reject(new Error('disk full')) };
  const { session, closed } = aSession({ signIn: failing });
  session.receive(JSON.stringify(hello));
  await settled();
  expect(closed).toEqual(['internal']);
});
