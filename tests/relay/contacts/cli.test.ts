// `relay contacts …` as an admin uses it: a check without a relay, and a running relay that shows and reads its sources.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runRelay, startLoneRelay } from '../process-rig.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'offhook-contacts-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { ended, out, err } = runRelay(args);
  const { code } = await ended;
  return { code, out: out(), err: err() };
}

describe('relay contacts check', () => {
  const CSV = [
    'ID;Name;Firma;Telefon;Mobil;Bemerkung',
    'c1;Anna Sample;Sample AG;030 23125042;0171 3920001;',
    'c2;=cmd|x;Sample AG;3023125043;;',
    'c3;Cleo Sample;;030 23125044 ext. 18;call later;',
    'c4;;;030 23125045;;',
  ].join('\n');

  function written(contacts: object[] = [{ id: 'crm', kind: 'csv', file: 'crm.csv', country: 'DE' }]): string {
    writeFileSync(join(dir, 'crm.csv'), CSV);
    const config = join(dir, 'relay.yaml');
    writeFileSync(config, JSON.stringify({ contacts }));
    return config;
  }

  test('says what each column is taken for, what is left out and how many numbers are of use', async () => {
    const { code, out } = await run('contacts', 'check', 'crm', '--config', written());
    expect(code).toBe(0);
    expect(out).toMatch(/Telefon +number\n/);
    expect(out).toMatch(/Mobil +number \(Mobil\)\n/);
    expect(out).toMatch(/Bemerkung +-\n/);
    expect(out).toMatch(/line 5: no name and no company/);
    expect(out).toMatch(/2 contacts with a number; of 5 numbers 2 are good, 1 doubtful, 2 unusable/);
  });

  test('writes what to mend with a proposal, so that no spreadsheet computes anything', async () => {
    const file = join(dir, 'mend.csv');
    await run('contacts', 'check', 'crm', '--config', written(), '--csv', file);
    expect(readFileSync(file, 'utf8').split('\n')).toEqual([
      'line,place,id,name,field,text,verdict,reason,number,proposal',
      "3,,c2,'=cmd|x,column 4,3023125043,failed,has no 0 before the area code,,+493023125043",
      '4,,c3,Cleo Sample,column 4,030 23125044 ext. 18,doubtful,the extension 18 behind it is not kept,+493023125044,+493023125044',
      '4,,c3,Cleo Sample,column 5,call later,failed,is no telephone number,,',
      '',
    ]);
  });

  test('is JSON for programs, one object a number that is to be mended and one at the end', async () => {
    const { out } = await run('contacts', 'check', 'crm', '--config', written(), '--json');
    const items = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(items).toHaveLength(4);
    expect(items[0]).toMatchObject({ line: 3, id: 'c2', verdict: 'failed', proposal: '+493023125043' });
    expect(items.at(-1)).toMatchObject({ source: 'crm', contacts: 2, good: 2, doubtful: 1, failed: 2 });
  });

  test('a source that is not there, a file that is not there, a secret that is not there: in words', async () => {
    expect((await run('contacts', 'check', 'none', '--config', written())).err).toMatch(
      /there is no contact source none .*: there are crm/,
    );
    const missing = written([{ id: 'crm', kind: 'vcard', file: 'none.vcf', country: 'DE' }]);
    expect((await run('contacts', 'check', 'crm', '--config', missing)).err).toMatch(
      /none\.vcf: there is no such file/,
    );
    const ldap = {
      id: 'ad',
      kind: 'ldap',
      url: 'ldaps://127.0.0.1:9',
      base: 'dc=example',
      country: 'DE',
      bindDn: 'cn=a',
      password: 'env:NO_SUCH_SECRET',
    };
    const { code, err } = await run('contacts', 'check', 'ad', '--config', written([ldap]));
    expect(code).toBe(1);
    expect(err).toMatch(/NO_SUCH_SECRET/);
    expect(err).not.toMatch(/\n {4}at /);
  });
});

test('a running relay shows how its sources stand, reads one on demand, and tries one without changing anything', async () => {
  const relay = await startLoneRelay({ contacts: 'ID,Name,Phone\nc1,Anna Sample,030 23125042\n' });
  try {
    const [before] = await relay.cli('contacts', 'list', '--json');
    expect(before).toMatchObject({ source: 'crm', kind: 'csv', contacts: 1, numbers: 1, isRestricted: false });
    const file = join(relay.config, '../contacts.csv');
    writeFileSync(file, 'ID,Name,Phone\nc1,Anna Sample,030 23125042\nc2,Ben Sample,030 23125043\nc3,Odd,none\n');
    const report = { contacts: 2, added: 1, changed: 0, removed: 0, faultCount: 1 };
    expect((await relay.cli('contacts', 'sync', 'crm', '--dry-run', '--json')).at(-1)).toMatchObject({ report });
    expect((await relay.cli('contacts', 'list', '--json'))[0]).toMatchObject({ contacts: 1 });
    expect((await relay.cli('contacts', 'sync', 'crm', '--json')).at(-1)).toMatchObject({ report });
    await relay.cli('contacts', 'restrict', 'crm', '--json');
    expect((await relay.cli('contacts', 'list', '--json'))[0]).toMatchObject({ contacts: 2, isRestricted: true });

    const words = async (...args: string[]) => run('contacts', ...args, '--config', relay.config);
    expect((await words()).out).toMatch(/sample\/crm|crm {2}csv {2}2 contacts, 2 numbers {2}imported /);
    expect((await words('sync', 'crm')).out).toMatch(
      /line 4: column 3 holds no public[\s\S]*2 contacts with 2 numbers are there: 0 new, 0 changed, 0 gone, 1 fault/,
    );
    expect((await words('sync', 'none')).err).toMatch(/there is no contact source none/);
    writeFileSync(file, 'Name,Town\nAnna,Berlin\n');
    expect((await words('sync', 'crm')).err).toMatch(
      /contacts\.csv:1: no column for telephone numbers[\s\S]*the contacts of the last import stay/,
    );
    expect((await relay.cli('contacts', 'list', '--json'))[0]).toMatchObject({
      contacts: 2,
      problem: expect.stringContaining('no column'),
    });
  } finally {
    await relay.close();
  }
});
