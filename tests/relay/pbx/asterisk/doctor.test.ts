// What `relay doctor` says of an Asterisk: rights that are missing or too many, unsafe versions, who can read along.
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../relay/src/clock.ts';
import { examineAsterisk, versionFinding } from '../../../../relay/src/pbx/asterisk/doctor.ts';
import { AsteriskOptionsSchema } from '../../../../relay/src/pbx/asterisk/options.ts';
import { startAmiServer } from '../../../fakes/asterisk/ami-server.ts';

const ASKED = ['Originate', 'Redirect', 'CoreShowChannels'];

async function findings({
  actions = ASKED,
  settings = {},
  version = '20.9.3',
  event,
  hints = [],
  files = {},
}: {
  actions?: readonly string[];
  settings?: Record<string, unknown>;
  version?: string;
  event?: Record<string, string>;
  /** As in `exten => 100,hint,PJSIP/100`. */
  hints?: readonly string[];
  /** `'pjsip.conf,100,type'` → what AST_CONFIG answers. */
  files?: Record<string, string>;
}) {
  const server = await startAmiServer({
    users: { sample: 'sample-secret' },
    actions,
    answer(action) {
      if (action['Action'] === 'ExtensionStateList') {
        const items = hints.map((Hint) => ({ Event: 'ExtensionStatus', Exten: '100', Context: 'internal', Hint }));
        return { response: {}, list: { items, complete: 'ExtensionStateListComplete' } };
      }
      const place = /^AST_CONFIG\((.*)\)$/.exec(action['Variable'] ?? '')?.[1];
      if (place !== undefined) return { response: { Value: files[place] ?? '' } };
      if (action['Action'] !== 'CoreSettings') return { response: { Value: '0' } };
      if (event) server.tell(event);
      return { response: { AsteriskVersion: version } };
    },
  });
  const options = v.parse(AsteriskOptionsSchema, {
    port: server.port,
    username: 'sample',
    password: 'env:SAMPLE',
    ...settings,
  });
  try {
    return await examineAsterisk(options, { clock: systemClock, readSecret: () => 'sample-secret' });
  } finally {
    await server.close();
  }
}

describe('doctor of an Asterisk', () => {
  it('is content with a user that may do what is needed and no more', async () => {
    expect((await findings({})).filter(({ state }) => state !== 'ok')).toEqual([]);
  });

  it('warns of a user that may run commands or change the configuration', async () => {
    const [warning, ...more] = (await findings({ actions: [...ASKED, 'Command', 'UpdateConfig'] })).filter(
      ({ state }) => state === 'warn',
    );
    expect(warning?.message).toContain('write = command,config');
    expect(more).toEqual([]);
  });

  it('wants system where something is switched, and warns of it where nothing is', async () => {
    const withSystem = [...ASKED, 'DBPut'];
    expect(JSON.stringify(await findings({ actions: withSystem }))).toContain('write = system');
    expect(JSON.stringify(await findings({ settings: { features: 'freepbx' } }))).toContain('lacks write = system');
    const right = await findings({ actions: withSystem, settings: { features: 'freepbx' } });
    expect(right.filter(({ state }) => state !== 'ok')).toEqual([]);
  });

  it('warns of a user that hears what nobody needs', async () => {
    const found = await findings({ event: { Event: 'FullyBooted', Privilege: 'system,all' } });
    expect(found.filter(({ state }) => state === 'warn').map(({ message }) => message)).toEqual([
      expect.stringContaining('read = system'),
    ]);
  });

  it('warns of a context for conferences that is not there', async () => {
    expect(JSON.stringify(await findings({ settings: { conferenceContext: 'rooms' } }))).toContain('no context rooms');
  });

  it('warns of phones whose own forwards Asterisk follows by SIP address, in either file of PJSIP', async () => {
    const found = await findings({
      hints: ['PJSIP/100&Custom:DND100', 'PJSIP/101&PJSIP/102', 'SIP/103', 'Custom:night'],
      settings: { lines: { 104: { devices: ['PJSIP/104'] } } },
      files: {
        ...{ 'pjsip.conf,100,type': 'endpoint', 'pjsip.conf,100,redirect_method,-1': 'uri_pjsip' },
        ...{ 'pjsip.conf,101,type': 'endpoint', 'pjsip.conf,101,redirect_method,-1': 'user' },
        ...{ 'pjsip.conf,102,type': 'endpoint' },
        ...{ 'pjsip_wizard.conf,104,type': 'wizard', 'pjsip_wizard.conf,104,endpoint/redirect_method,-1': 'uri_core' },
      },
    });
    expect(found.filter(({ state }) => state !== 'ok')).toEqual([
      {
        state: 'warn',
        message: expect.stringContaining('(redirect_method): 100, 104;'),
        remedy: expect.stringContaining('redirect_method = user'),
      },
    ]);
  });

  it('says of which phones it cannot read whether their forwards are followed', async () => {
    const files = { 'pjsip.conf,100,type': 'aor', 'pjsip.conf,100,redirect_method,-1': 'uri_pjsip' };
    const found = await findings({ hints: ['PJSIP/100', 'PJSIP/101'], files });
    expect(found.map(({ message }) => message)).toContainEqual(expect.stringContaining('cannot be read for 100, 101'));
    expect(found.filter(({ state }) => state !== 'ok')).toEqual([]);
  });

  it('warns of a connection without TLS to another machine, whether that can be reached or not', async () => {
    // 192.0.2.0/24 is nobody's; the port is closed on the way at the latest.
    const clock = { ...systemClock, after: (_ms: number, action: () => void) => systemClock.after(1, action) };
    const options = v.parse(AsteriskOptionsSchema, { host: '192.0.2.1', username: 'sample', password: 'env:SAMPLE' });
    const found = await examineAsterisk(options, { clock, readSecret: () => 'sample-secret' });
    expect(found).toMatchObject([{ state: 'warn', message: expect.stringContaining('no TLS') }]);
  });

  it.each([
    ['18.24.1', 'warn'],
    ['18.24.2', 'ok'],
    ['18.26.4', 'ok'],
    ['20.9.1', 'warn'],
    ['20.9.2', 'ok'],
    ['20.10.0', 'ok'],
    ['21.4.1', 'warn'],
    ['21.4.2', 'ok'],
    ['22.0.0', 'ok'],
    ['16.28.0~dfsg-0+deb11u4', 'warn'],
    ['19.8.1', 'warn'],
    ['certified/20.7-cert1', 'warn'],
    ['certified/20.7-cert2', 'ok'],
    ['certified-18.9-cert11', 'ok'],
    ['', 'ok'],
  ])('CVE-2024-42365: Asterisk %s is %s', (version, state) => {
    expect(versionFinding(version).state).toBe(state);
  });
});
