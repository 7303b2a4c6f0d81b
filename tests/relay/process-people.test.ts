// Two companies on one relay, run as its users run it: lists of lines in and out, groups, workstations, contacts that are not
// for everybody, users and companies that go. Both companies have a line 18.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Companies, startCompanies } from './companies-rig.ts';
import { runRelay } from './process-rig.ts';
import type { WireClient } from './wire-client.ts';

let companies: Companies;
beforeEach(async () => {
  companies = await startCompanies();
});
afterEach(() => companies.close());

async function relay(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const run = runRelay([...args, '--config', companies.config]);
  const { code } = await run.ended;
  return { code, out: run.out(), err: run.err() };
}

const SAMPLE =
  '<UserList><User NoMerge="1"><DomainUser> EXAMPLE\\MUSTERMANNM</DomainUser><FriendlyName> Max Mustermann</FriendlyName>' +
  '<LineList><Line><Address>18</Address></Line></LineList></User></UserList>';

describe('lists of lines', () => {
  const importing = (file: string, ...more: string[]) => relay('import', 'tsecimp', file, '--tenant', 'alpha', ...more);

  test('a list is told, put in force, and changes nothing a second time; no other company hears of it', async () => {
    const file = join(companies.dir, 'list.xml');
    writeFileSync(file, Buffer.from(`\ufeff${SAMPLE}`, 'utf16le'));
    expect((await importing(file, '--check')).out).toBe(`${file}: 1 user, no fault\n`);
    const dry = await importing(file, '--dry-run');
    expect(dry.out).toMatch(
      /^\+ mustermannm +Max Mustermann +\+ 18\n1 user: 1 new, 0 changed, 0 as before\. Nothing was done/,
    );
    expect(await companies.ask('users', {})).toHaveLength(4);
    expect((await importing(file)).out).toContain('1 user: 1 new');
    expect(await companies.ask('grants', { user: 'alpha/mustermannm' })).toMatchObject([{ line: '18', isOwn: true }]);
    const again = await importing(file);
    expect(again.out).toMatch(/^= mustermannm +Max Mustermann += 18\n1 user: 0 new, 0 changed, 1 as before\n$/);
    expect((await companies.ask('users', {})).filter(({ user }) => user.startsWith('beta/'))).toHaveLength(2);
    await expect(companies.ask('grants', { user: 'beta/mustermannm' })).rejects.toThrow(/no user/);
  });

  test('what was exported imports without a change', async () => {
    const file = join(companies.dir, 'out.xml');
    expect(await relay('export', 'tsecimp', file, '--domains', 'EXAMPLE', '--tenant', 'alpha')).toMatchObject({
      code: 0,
    });
    expect(readFileSync(file, 'utf8')).toContain('<DomainUser>EXAMPLE\\ada</DomainUser>');
    expect((await importing(file)).out).toContain('0 new, 0 changed, 2 as before');
    expect(await relay('export', 'tsecimp', file, '--domains', 'EXAMPLE', '--tenant', 'alpha')).toMatchObject({
      code: 1,
    });
  });

  test('faults of file, domains and lines are told with their places, and change nothing', async () => {
    const before = await companies.ask('grants', {});
    const file = join(companies.dir, 'faulty.xml');
    writeFileSync(file, SAMPLE.replace('NoMerge="1"', 'NoMerge="2"').replace('EXAMPLE\\', 'EXAMPLE/'));
    const faults = await importing(file, '--check');
    expect(faults.code).toBe(1);
    expect(faults.err).toContain(`${file}:1: NoMerge is "1", "0" or left out`);
    expect(faults.err).toContain(`${file}:1: <DomainUser> is DOMAIN\\USER`);
    writeFileSync(file, SAMPLE.replace('<Address>18<', '<Address>99<'));
    expect((await importing(file)).err).toMatch(/^line 1: there is no line with Address 99.*\nnothing was changed\n$/);
    const second = SAMPLE.replace(/<\/?UserList>/g, '').replace('EXAMPLE', 'SALES');
    writeFileSync(file, SAMPLE.replace('</UserList>', `${second}</UserList>`));
    expect((await importing(file)).err).toContain('say how they are told apart, as in --domains EXAMPLE,SALES=s-');
    expect((await importing(file, '--domains', 'EXAMPLE')).err).toContain('SALES is not among --domains');
    expect(await companies.ask('grants', {})).toEqual(before);
    expect((await importing(file, '--domains', 'EXAMPLE,SALES=s-')).out).toContain('2 users: 2 new');
  });

  test('relay lines shows provider, permanent id, address and name', async () => {
    const [line] = (await companies.ask('lines', {})).filter(
      ({ tenant, extension }) => tenant === 'alpha' && extension === '18',
    );
    const { out } = await relay('lines');
    expect(out).toMatch(new RegExp(`^alpha +${line?.lineId} +18 +${line?.name} `, 'm'));
  });
});

describe('open connections', () => {
  const linesOf = async (client: Pick<WireClient, 'next'>) =>
    (await client.next('snapshot')).lines.map(({ extension }) => extension);

  test('a group’s grants reach its members within a second, and nobody else', async () => {
    const bea = await companies.signIn('alpha/bea');
    const other = await companies.signIn('beta/bea');
    expect(await linesOf(bea)).toEqual(['18']);
    expect(await linesOf(other)).toEqual(['18']);
    await companies.ask('addGroup', { group: 'alpha/@sales' });
    await companies.ask('setGrant', { user: 'alpha/@sales', line: '19', rights: ['pickup'], isOwn: false });
    const askedAt = performance.now();
    expect(await companies.ask('joinGroup', { group: 'alpha/@sales', user: 'bea' })).toEqual([
      { group: 'alpha/@sales', users: ['bea'] },
    ]);
    expect(await linesOf(bea)).toEqual(['18', '19']);
    expect(performance.now() - askedAt).toBeLessThan(1_000);
    await companies.ask('removeGroup', { group: 'alpha/@sales' });
    expect(await linesOf(bea)).toEqual(['18']);
    expect(other.frames.filter(({ type }) => type === 'snapshot')).toHaveLength(1);
    await expect(companies.ask('joinGroup', { group: 'alpha/@sales', user: 'beta/bea' })).rejects.toThrow();
  });

  test('who is granted control is told how those lines dial, before the lines; who loses it, no longer', async () => {
    await companies.ask('removeGrant', { user: 'alpha/bea', line: '18' });
    await companies.ask('setGrant', { user: 'alpha/bea', line: '18', rights: ['watch'], isOwn: false });
    const bea = await companies.signIn('alpha/bea');
    expect(bea.welcome.dialPlans).toEqual([]);
    await linesOf(bea);
    await companies.ask('setGrant', { user: 'alpha/bea', line: '18', rights: ['control'], isOwn: false });
    expect((await bea.next('dial-plans')).dialPlans.map(({ dialPlanId }) => dialPlanId)).toEqual(['alpha']);
    const [line] = (await bea.next('snapshot')).lines;
    expect(line).toMatchObject({ dialPlan: 'alpha', capabilities: expect.arrayContaining(['makeCall']) });
    await companies.ask('setGrant', { user: 'alpha/bea', line: '18', rights: ['watch'], isOwn: false });
    expect((await bea.next('dial-plans')).dialPlans).toEqual([]);
  });

  test('at a shared workstation its line is the own one, and the user’s own line is not', async () => {
    const ada = await companies.signIn('alpha/ada');
    const ownOf = async () =>
      (await ada.next('snapshot')).lines.filter(({ isOwn }) => isOwn).map(({ extension }) => extension);
    expect(await ownOf()).toEqual(['10']);
    const [device] = await companies.ask('devices', {});
    await companies.ask('setWorkstation', { device: device?.deviceId ?? '', line: '17' });
    expect(await ownOf()).toEqual(['17']);
    expect(await companies.ask('devices', {})).toMatchObject([{ line: '17' }]);
    await companies.ask('setWorkstation', { device: device?.deviceId ?? '', line: null });
    expect(await ownOf()).toEqual(['10']);
  });

  test('contacts of a restricted source exist only for who is granted it', async () => {
    const ada = await companies.signIn('alpha/ada');
    const found = async () => {
      ada.send({ type: 'search', id: 'q', text: 'Alma', limit: 5 });
      return (await ada.next('contacts')).matches.length;
    };
    expect(await found()).toBe(1);
    await companies.ask('restrictSource', { tenant: 'alpha', source: 'crm', isRestricted: true });
    expect(await found()).toBe(0);
    companies.exchanges.alpha.callIn({ to: '10', from: '03023125042' });
    const calls = async () => (await ada.next('delta')).lines.flatMap((line) => ('calls' in line ? line.calls : []));
    expect((await calls())[0]?.remote.contact).toBeUndefined();
    await companies.ask('setGrant', { user: 'alpha/ada', line: 'source:crm', rights: ['see-names'], isOwn: false });
    expect(await found()).toBe(1);
    expect(await companies.ask('grants', { user: 'alpha/ada' })).toContainEqual(
      expect.objectContaining({ line: 'source:crm' }),
    );
  });

  test('a user that is removed is cut at once, and neither browser nor code lets anybody in again', async () => {
    const bea = await companies.signIn('alpha/bea');
    const ada = await companies.signIn('alpha/ada');
    await linesOf(bea);
    const [open] = await companies.ask('pair', { user: 'alpha/bea' });
    expect(await companies.ask('removeUser', { user: 'alpha/bea' })).toEqual([
      { user: 'alpha/bea', name: 'Bea alpha', devices: 1 },
    ]);
    expect(await bea.closed).toMatchObject({ reason: 'revoked' });
    await expect(companies.signInAgain('alpha/bea')).rejects.toThrow(/unauthenticated/);
    await expect(companies.pairWith(open?.code ?? '')).rejects.toThrow(/code-invalid/);
    expect(await companies.ask('grants', {})).not.toContainEqual(expect.objectContaining({ user: 'alpha/bea' }));
    expect(ada.socket.readyState).toBe(1);
  });
});

describe('companies', () => {
  test('one that is suspended is cut and comes back when it is resumed; the other one notices nothing', async () => {
    const alpha = await companies.signIn('alpha/ada');
    const beta = await companies.signIn('beta/ada');
    await beta.next('snapshot');
    const [standing] = await companies.ask('suspendTenant', { tenant: 'alpha', isSuspended: true });
    expect(standing?.suspendedAt).toBeDefined();
    expect(await alpha.closed).toEqual({ code: 4510, reason: 'not-permitted' });
    await expect(companies.signInAgain('alpha/ada')).rejects.toThrow(/not-permitted/);
    await companies.ask('suspendTenant', { tenant: 'alpha', isSuspended: false });
    const back = await companies.signInAgain('alpha/ada');
    expect((await back.next('snapshot')).lines.length).toBeGreaterThan(0);
    expect(beta.socket.readyState).toBe(1);
    expect(beta.frames.filter(({ type }) => type === 'snapshot')).toHaveLength(1);
  });

  test('one that the configuration still names is not removed', async () => {
    await expect(companies.ask('removeTenant', { tenant: 'beta' })).rejects.toThrow(
      'relay.yaml still has phone system beta, contacts crm-beta of beta: take that out and restart first',
    );
  });

  test('one is added, and removed with everything into a file', async () => {
    await relay('tenants', 'add', 'gamma', 'Gamma Sample', 'AT');
    await companies.ask('addUser', { user: 'gamma/gus', displayName: 'Gus Sample', own: [], watch: ['*'], pickup: [] });
    const gus = await companies.signIn('gamma/gus');
    const ada = await companies.signIn('alpha/ada');
    expect((await gus.next('snapshot')).lines).toEqual([]);
    const file = join(companies.dir, 'gamma.jsonl');
    const removed = await relay('tenants', 'remove', 'gamma', '--export', file);
    expect(removed.out).toMatch(/^gamma .* removed, 4 rows in /);
    const kinds = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).kind);
    expect(kinds).toEqual(['tenant', 'user', 'grant', 'device']);
    expect(await gus.closed).toMatchObject({ reason: 'revoked' });
    expect((await companies.ask('tenants', {})).map(({ tenant }) => tenant)).toEqual(['alpha', 'beta']);
    expect(ada.socket.readyState).toBe(1);
    expect(await relay('tenants', 'remove', 'alpha', '--export', file)).toMatchObject({ code: 1 });
  });

  test('one that is new in the configuration, with a phone system, is there after a restart', async () => {
    const config = join(companies.dir, 'more.yaml');
    const more = JSON.parse(readFileSync(companies.config, 'utf8'));
    const dataDir = join(companies.dir, 'more');
    const [pbx] = more.pbx;
    const first = { ...more, dataDir, pbx: [pbx], contacts: [], seed: { tenants: [more.seed.tenants[0]] } };
    const second = {
      ...first,
      pbx: more.pbx,
      seed: { tenants: [...more.seed.tenants, { ...more.seed.tenants[0], id: 'c' }] },
    };
    for (const [written, expected] of [
      [first, ['alpha']],
      [second, ['alpha', 'beta']],
    ] as const) {
      writeFileSync(config, JSON.stringify(written));
      const run = runRelay(['start', '--config', config]);
      await run.said(/relay listening on/);
      const tenants = runRelay(['tenants', '--config', config, '--json']);
      await tenants.ended;
      run.child.kill('SIGTERM');
      await run.ended;
      expect(
        tenants
          .out()
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).tenant),
      ).toEqual(expected);
    }
  });

  test('two lines 18 never meet: not in lines, orders, dial fields, contacts or the log', async () => {
    const [alpha, beta] = [await companies.signIn('alpha/bea'), await companies.signIn('beta/bea')];
    const [mine] = (await alpha.next('snapshot')).lines;
    const [theirs] = (await beta.next('snapshot')).lines;
    expect([mine?.extension, theirs?.extension]).toEqual(['18', '18']);
    expect(mine?.lineId).not.toBe(theirs?.lineId);
    const lineId = theirs?.lineId;
    const number = { kind: 'internal', number: '18' };
    alpha.send({ type: 'command', id: 'c', key: 'c', name: 'makeCall', lineId, args: { number }, deadlineMs: 5_000 });
    expect(await alpha.next('result')).toMatchObject({ state: 'failed', code: 'line-unknown' });
    alpha.send({ type: 'preview', id: 'p', lineId, number });
    expect(await alpha.next('preview')).toMatchObject({ decision: 'refused', code: 'line-unknown' });
    alpha.send({ type: 'search', id: 's', text: 'Bruno', limit: 5 });
    expect((await alpha.next('contacts')).matches).toEqual([]);
    companies.exchanges.beta.callIn({ to: '18', from: '03023125099' });
    await beta.next('delta');
    alpha.send({ type: 'ping', n: 1 });
    await alpha.next('pong');
    expect(JSON.stringify(alpha.frames)).not.toMatch(/beta|23125099/);
    expect(JSON.stringify(beta.frames)).not.toMatch(/alpha/);
    const logged = companies
      .log()
      .split('\n')
      .filter((row) => row.includes('"alpha"') && row.includes('"beta"'));
    expect(logged).toEqual([]);
  });
});
