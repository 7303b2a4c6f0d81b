// Every combination of what a browser says about where a request comes from, for every way in: exactly those pass that an
// extension of ours, a person's own navigation or a machine of the administrator's would send. Nothing else changes anything.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EXTENSION, HOST, type Rig, startRig } from '../server-rig.ts';

interface Where {
  origin: string | undefined;
  host: string;
  fetched: Record<string, string>;
}

const ORIGINS = [
  EXTENSION,
  'moz-extension://0a1b2c3d-4e5f-6789-abcd-ef0123456789',
  'https://crm.test',
  'null',
  undefined,
];
const HOSTS = [HOST, 'evil.test:8730'];
const fetched = (site: string, mode: string, dest: string) => ({
  'Sec-Fetch-Site': site,
  'Sec-Fetch-Mode': mode,
  'Sec-Fetch-Dest': dest,
});
/** What a browser adds, and whether the start page may answer. */
const FETCHES: [headers: Record<string, string>, isAnswered: boolean][] = [
  [{}, true],
  [fetched('none', 'navigate', 'document'), true],
  [fetched('cross-site', 'navigate', 'document'), true],
  [fetched('same-origin', 'no-cors', 'image'), true],
  [fetched('cross-site', 'no-cors', 'image'), false],
  [fetched('cross-site', 'cors', 'empty'), false],
  [fetched('same-site', 'no-cors', 'script'), false],
  [fetched('cross-site', 'navigate', 'iframe'), false],
  [fetched('cross-site', 'websocket', 'empty'), false],
];
const ALL = ORIGINS.flatMap((origin) =>
  HOSTS.flatMap((host) => FETCHES.map(([headers, isAnswered]) => ({ origin, host, fetched: headers, isAnswered }))),
);
const WAYS = [
  { method: 'GET', path: '/' },
  { method: 'GET', path: '/healthz' },
  { method: 'POST', path: '/' },
  { method: 'POST', path: '/v1' },
] as const;

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const headersOf = ({ origin, host, fetched: headers }: Where) => ({
  Host: host,
  ...(origin !== undefined && { Origin: origin }),
  ...headers,
});

test(`of ${ALL.length} combinations of Origin, Host and Sec-Fetch, exactly our extensions are challenged`, async () => {
  let challenged = 0;
  for (const where of ALL) {
    const isOurs =
      where.host === HOST && (where.origin === EXTENSION || where.origin?.startsWith('moz-extension:') === true);
    const { first, leave, ended } = await rig.upgrade({
      ...headersOf(where),
      'Sec-WebSocket-Protocol': 'offhook.v1',
    });
    leave();
    await ended;
    expect({ where, isChallenged: first === 'challenge' }).toEqual({ where, isChallenged: isOurs });
    challenged += isOurs ? 1 : 0;
  }
  expect(challenged).toBe(2 * FETCHES.length);
});

test.each(WAYS)(
  `of ${ALL.length} combinations, $method $path answers what it should and changes nothing`,
  async (way) => {
    const before = JSON.stringify([await rig.store.devices(), await rig.store.users()]);
    for (const where of ALL) {
      const { status } = await rig.http(headersOf(where), way);
      const answered = way.method === 'GET' ? 200 : 404;
      const expected = where.host !== HOST ? 421 : where.isAnswered ? answered : 403;
      expect({ where, status }).toEqual({ where, status: expected });
    }
    expect(JSON.stringify([await rig.store.devices(), await rig.store.users()])).toBe(before);
    expect(rig.orders).toEqual([]);
  },
);
