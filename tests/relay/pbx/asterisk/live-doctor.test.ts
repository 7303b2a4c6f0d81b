// What `relay doctor` hears of a real Asterisk 16 by its users with different rights.
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../relay/src/clock.ts';
import { examineAsterisk } from '../../../../relay/src/pbx/asterisk/doctor.ts';
import { AsteriskOptionsSchema } from '../../../../relay/src/pbx/asterisk/options.ts';
import { asteriskRoot } from '../../../../scripts/asterisk/root.ts';
import { type AsteriskServer, startAsterisk } from '../../../../scripts/asterisk/server.ts';
import { CONF } from './live-rig.ts';

const root = await asteriskRoot({ say: (text) => console.log(text) });
const missing = 'missing' in root ? `skipped: ${root.missing}` : undefined;

describe.skipIf(missing !== undefined)(`a real Asterisk (${missing ?? 'Debian 11'}): doctor`, () => {
  let server: AsteriskServer;
  beforeAll(async () => {
    if (!('missing' in root)) server = await startAsterisk({ root: root.path, modules: root.modules, confDir: CONF });
  });
  afterAll(() => server?.close());

  async function warnings(username: string, settings: Record<string, unknown> = {}): Promise<string[]> {
    const options = v.parse(AsteriskOptionsSchema, {
      port: server.amiPort,
      username,
      password: 'env:SAMPLE',
      ...settings,
    });
    const found = await examineAsterisk(options, { clock: systemClock, readSecret: () => `${username}-sample` });
    return found.filter(({ state }) => state !== 'ok').map(({ message }) => message);
  }

  const OLD = expect.stringContaining('CVE-2024-42365');

  it('is content with the rights that docs/asterisk.md names', async () => {
    expect(await warnings('agents', { conferenceContext: 'offhook-conference' })).toEqual([OLD]);
    expect(await warnings('features', { features: 'astdb' })).toEqual([OLD]);
  });

  it('names what is too much and what is missing', async () => {
    const everything = (await warnings('everything')).join('\n');
    expect(everything).toMatch(/write = [a-z,]*command/);
    expect(everything).toMatch(/read = [a-z,]*system/);
    expect((await warnings('watcher')).join('\n')).toContain('lacks write = originate,call');
    expect((await warnings('agents', { conferenceContext: 'nowhere' })).join('\n')).toContain('no context nowhere');
  });

  it('names the phones whose own forwards would be followed, whatever template says so', async () => {
    const lines = { 105: { devices: ['PJSIP/105'] }, 106: { devices: ['PJSIP/106'] } };
    expect(await warnings('agents', { lines })).toEqual([OLD, expect.stringContaining('(redirect_method): 105;')]);
  });
});
