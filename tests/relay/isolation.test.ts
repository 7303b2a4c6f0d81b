import type { Contact, Line, PhoneNumber, Right, ServerMessage } from '@offhook/protocol';
import { RIGHTS } from '@offhook/protocol';
import { expect, test } from 'vitest';
import type { Access } from '../../relay/src/access.ts';
import { viewerOf } from '../../relay/src/access.ts';
import type { Grant } from '../../relay/src/store/store.ts';
import type { FakeBoard } from '../fakes/board.ts';
import { aCall, aGrant, aLine, settled } from './builders.ts';
import { type Client, createRig } from './session-rig.ts';

const TARGET = process.env['OFFHOOK_FULL'] === '1' ? 1_000_000 : 20_000;
const TENANTS = ['tenant-1', 'tenant-2'];
const USERS = Object.fromEntries(
  TENANTS.flatMap((tenantId, tenant) => [0, 1, 2].map((n) => [`user-${tenant}-${n}`, tenantId])),
);
const LINES = TENANTS.flatMap((tenantId, tenant) =>
  Array.from({ length: 6 }, (_, n) => ({ tenantId, lineId: `line-${tenant}-${n}` })),
);

/** Numbers from 0 to below 1, the same ones for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

// Secrets that can be found in any text: a number, a name and a contact of each line's caller.
const numberOf = (n: number) => `+49302312500${n % 10}${Math.floor(n / 10) % 10}`;
const contactOf = (_tenantId: string, number: PhoneNumber): Contact | undefined =>
  number.kind === 'e164' && number.number.endsWith('5')
    ? {
        contactId: 'sample:1',
        name: 'Contactsecret Sample',
        url: `https://crm.test/?number=${encodeURIComponent(number.number)}`,
        source: 'sample',
        match: 'exact',
      }
    : undefined;

/** What the grants say, as naively as it can be asked. */
function rightsIn(grants: readonly Grant[], userId: string, line: { tenantId: string; lineId: string }): Set<Right> {
  const rights = new Set<Right>();
  if (USERS[userId] !== line.tenantId) return rights;
  for (const grant of grants) {
    if (grant.userId !== userId || (grant.lineId !== '*' && grant.lineId !== line.lineId)) continue;
    for (const right of grant.isOwn && grant.lineId !== '*' ? RIGHTS : grant.rights) rights.add(right);
  }
  if (rights.has('control')) rights.add('watch');
  return rights;
}

function leaksIn(client: Client, message: ServerMessage, grants: readonly Grant[]): string[] {
  if (message.type !== 'snapshot' && message.type !== 'delta') return [];
  return message.lines.flatMap((line) => {
    const known = LINES.find(({ lineId }) => lineId === line.lineId);
    const rights = known ? rightsIn(grants, client.userId, known) : new Set<Right>();
    if (!rights.has('watch')) return [`${client.userId} got ${line.lineId}`];
    const text = JSON.stringify(line);
    const leaks: string[] = [];
    if (!rights.has('see-numbers') && /302312500\d/.test(text)) leaks.push(`${client.userId} saw a number`);
    if (!rights.has('see-names') && /secret/.test(text)) leaks.push(`${client.userId} saw a name`);
    const { capabilities } = line as Line; // a line that is gone has none; it is never sent here
    if (!rights.has('control') && capabilities.includes('makeCall')) leaks.push(`${client.userId} may dial`);
    return leaks;
  });
}

/** Random grants and calls until enough lines were delivered; answers the leaks and what was wrong at rest. */
async function leaksOf({ seed, target, plant }: { seed: number; target: number; plant?: (access: Access) => Access }) {
  const random = seeded(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const problems: string[] = [];
  let grants: Grant[] = Object.keys(USERS).map((userId) => aGrant(userId, '*', 'watch'));
  let deliveries = 0;
  let seenNumbers = 0;
  const rig = createRig({
    users: USERS,
    grants,
    contactOf,
    ...(plant && { plant }),
    onFrame(client, message, text) {
      if (message.type === 'snapshot' || message.type === 'delta') deliveries += message.lines.length;
      if (text.includes('302312500')) seenNumbers += 1;
      problems.push(...leaksIn(client, message, grants));
    },
  });
  const clients: Client[] = [];
  for (const userId of Object.keys(USERS)) clients.push(await rig.connect(userId));
  for (let step = 0; deliveries < target && problems.length === 0 && step < 4 * target; step += 1) {
    if (random() < 0.02) {
      const userId = pick(Object.keys(USERS));
      // Any line, those of the other tenant too: a wrong grant must not open another company's line.
      const lineId = random() < 0.2 ? '*' : pick(LINES).lineId;
      const grant: Grant = { userId, lineId, isOwn: random() < 0.2, rights: RIGHTS.filter(() => random() < 0.5) };
      grants = grants.filter((one) => one.userId !== userId || one.lineId !== lineId);
      if (random() < 0.3) await rig.access.removeGrant(userId, lineId);
      else {
        grants.push(grant);
        await rig.access.putGrant(grant);
      }
      await settled();
      problems.push(...clients.flatMap((client) => wrongPicture(client, grants, rig.board)));
    }
    const { tenantId, lineId } = pick(LINES);
    const number: PhoneNumber = { kind: 'e164', number: numberOf(step) };
    const remote = { number, name: random() < 0.5 ? `Callersecret ${step}` : numberOf(step) };
    const call = aCall({ callId: `call-${step}`, direction: 'outbound', remote, dialled: number });
    const isLineFree = random() < 0.3;
    const forward = random() < 0.2 ? ({ when: 'all', to: number } as const) : null;
    rig.board.set(aLine({ tenantId, lineId, forward, calls: isLineFree ? [] : [call] }));
  }
  return { problems, deliveries, seenNumbers };
}

function wrongPicture(client: Client, grants: readonly Grant[], board: FakeBoard): string[] {
  return LINES.flatMap((line) => {
    const mayWatch = rightsIn(grants, client.userId, line).has('watch');
    const shall = mayWatch && board.line(line.lineId) !== undefined;
    const does = client.picture.has(line.lineId);
    return shall === does ? [] : [`${client.userId} ${does ? 'still has' : 'lacks'} ${line.lineId}`];
  });
}

test(`among ${TARGET} deliveries under changing grants, none shows what was not granted`, async () => {
  const { problems, deliveries, seenNumbers } = await leaksOf({ seed: 20_260_101, target: TARGET });
  expect(problems).toEqual([]);
  // The secrets were really on their way: who may see them did.
  expect(seenNumbers).toBeGreaterThan(TARGET / 100);
  expect(deliveries).toBeGreaterThanOrEqual(TARGET);
});

test.each<[string, (access: Access) => Access]>([
  [
    'that does not look again when grants change',
    (access) => {
      const first = new Map<string, ReturnType<Access['viewer']>>();
      return {
        ...access,
        viewer(userId) {
          const held = first.get(userId) ?? access.viewer(userId);
          first.set(userId, held);
          return held;
        },
      };
    },
  ],
  ['that never tells of a change', (access) => ({ ...access, onChange: () => () => undefined })],
  [
    'that takes every watcher for the owner',
    (access) => ({
      ...access,
      async viewer(userId) {
        const viewer = await access.viewer(userId);
        const all = new Set(RIGHTS);
        return viewer && { ...viewer, rightsOn: (lineId) => (viewer.rightsOn(lineId).has('watch') ? all : new Set()) };
      },
    }),
  ],
  [
    'that reads the grants of others',
    (access) => ({
      ...access,
      async viewer(userId) {
        const viewer = await access.viewer(userId);
        const everybody: Grant = { userId, lineId: '*', rights: ['watch'], isOwn: false };
        return viewer && viewerOf(viewer, [everybody]);
      },
    }),
  ],
])('the check finds a relay %s', async (_fault, plant) => {
  const { problems } = await leaksOf({ seed: 7, target: 20_000, plant });
  expect(problems.length).toBeGreaterThan(0);
});
