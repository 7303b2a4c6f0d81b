// The company's word in the worker: which relay, on which sites, and what pages are told; from the start and when it changes.
import { describe, expect, test } from 'vitest';
import { OWN_ID } from '../fakes/messaging.ts';
import { aPairedWorld, createWorkerWorld, settled } from '../fakes/worker-world.ts';

const CRM = 'https://crm.example';
const CRM_PAGE = {
  id: OWN_ID,
  origin: CRM,
  url: `${CRM}/contacts`,
  frameId: 0,
  documentId: 'document-1',
  tab: { id: 1, url: `${CRM}/contacts` },
};
const pairing = (relayUrl: string) => ({ relayUrl, code: 'ABCDEFGH', deviceName: 'Sample' });

describe('a company that locked its relay', () => {
  async function companyWorld() {
    const world = createWorkerWorld();
    world.company.policy = { relay: 'wss://relay.example', locked: ['relay'] };
    await world.startWorker();
    return world;
  }

  test('is paired with no other one: not even a socket is opened', async () => {
    const world = await companyWorld();
    expect(await world.ask('pair', pairing('https://other.example'))).toEqual({
      type: 'failed',
      code: 'relay-not-allowed',
    });
    expect(world.sockets.all).toHaveLength(0);
  });

  test('is paired with its own', async () => {
    const world = await companyWorld();
    const paired = world.ask('pair', pairing('https://relay.example'));
    await world.greet();
    expect(await paired).toMatchObject({ type: 'paired' });
  });
});

test('pages are told what the company says of their site, and nothing where it switched Offhook off', async () => {
  const world = await aPairedWorld();
  world.company.policy = { country: 'AT', sites: [{ site: CRM, click: 'chip', neverColumns: ['Order no.'] }] };
  const ask = () => world.messaging.send({ name: 'page-settings', request: {} }, CRM_PAGE);
  expect(await ask()).toMatchObject({ country: 'AT', takesTelLinks: false, neverColumns: ['Order no.'] });
  world.company.policy = { sites: [{ site: CRM, state: 'paused' }] };
  expect(await ask()).toEqual({ isDisabled: true });
});

test('what the company changes holds at once: where pages are read, and what open pages do', async () => {
  const world = await aPairedWorld();
  world.tabs.push({ id: 1, url: `${CRM}/contacts` });
  world.company.policy = { sites: [{ site: CRM, state: 'paused' }], locked: ['sites'] };
  world.events.onStorageChanged.emit({}, 'managed');
  await settled();
  expect([...world.scripting.registered.values()][0]).toMatchObject({ excludeMatches: [`${CRM}/*`] });
  expect(world.asked).toEqual([{ tabId: 1, frameId: 0, name: 'settings-changed' }]);
  expect(world.scripting.injected).toEqual([]);
  world.company.policy = {};
  // Another part heard of it first and remembered it.
  world.events.onStorageChanged.emit({ policy: {} }, 'local');
  await settled();
  expect([...world.scripting.registered.values()][0]?.excludeMatches).toBeUndefined();
  expect(world.scripting.injected).toEqual([{ target: { tabId: 1, allFrames: true }, files: ['/gate.js'] }]);
});
