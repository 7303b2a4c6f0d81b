// Contacts from a real OpenLDAP: page by page, encrypted, and with words for what goes wrong there.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLdapSource, type LdapOptions } from '../../../relay/src/contacts/ldap.ts';
import { ContactsError } from '../../../relay/src/contacts/source.ts';
import { createCertificate } from './certificate.ts';
import { readWhole } from './reading.ts';
import { aFolder, type Folder, type LdapServer, missing, startSlapd, titled } from './servers.ts';

const PEOPLE = 1_201;
const READER = { bindDn: 'cn=reader,dc=example', password: 'sample-reader' };

function person(index: number): string {
  return [
    `dn: uid=p${index},ou=people,dc=example`,
    'objectClass: inetOrgPerson',
    `uid: p${index}`,
    `cn: Person ${index}`,
    `sn: Sample`,
    `displayName: Sample Person ${index}`,
    'o: Sample AG',
    `mail: p${index}@sample.example`,
    `telephoneNumber: +49 30 23125 ${String(index % 1000).padStart(3, '0')}`,
    '',
  ].join('\n');
}

const SPECIAL = [
  'dn: cn=Odd\\2C Name,ou=people,dc=example\nobjectClass: inetOrgPerson\ncn: Odd, Name\nsn: Name\n' +
    'telephoneNumber: 030 23125 900\nfacsimileTelephoneNumber: 030 23125 901\nmobile: 0171 3920001\no: Sample (EMEA) * AG\n',
  'dn: cn=No Number,ou=people,dc=example\nobjectClass: inetOrgPerson\ncn: No Number\nsn: Number\n',
].join('\n');

describe.skipIf(missing.slapd)(titled('OpenLDAP', missing.slapd, 'slapd'), () => {
  let folder: Folder;
  let server: LdapServer;
  let ca = '';
  beforeAll(async () => {
    folder = aFolder();
    const tls = createCertificate(folder);
    ca = tls.ca;
    const people = Array.from({ length: PEOPLE }, (_, index) => person(index));
    server = await startSlapd(folder, { ldif: [...people, SPECIAL].join('\n'), tls });
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    folder?.close();
  });

  const sourceOf = (over: Partial<LdapOptions> = {}) =>
    createLdapSource({
      url: `ldap://127.0.0.1:${server.port}`,
      base: 'ou=people,dc=example',
      country: 'DE',
      credentials: () => READER,
      ...over,
    });
  const failureOf = async (over: Partial<LdapOptions>) => {
    const failure = await readWhole(sourceOf(over)).catch((error: unknown) => error);
    if (failure instanceof ContactsError) return failure.message;
    throw failure instanceof Error ? failure : new Error('the directory was read');
  };

  test('more entries than a server answers at once are read page by page, with what inetOrgPerson says of them', async () => {
    const { contacts, faults } = await readWhole(sourceOf({ pageSize: 100 }));
    expect(contacts).toHaveLength(PEOPLE + 1);
    expect(faults).toEqual([]);
    expect(contacts.find(({ contactId }) => contactId === 'p42')).toEqual({
      contactId: 'p42',
      name: 'Sample Person 42',
      company: 'Sample AG',
      numbers: [{ number: '+493023125042' }],
      emails: ['p42@sample.example'],
    });
  });

  test('numbers have the labels of their attributes, the fax last; an entry without uid keeps its id by its name', async () => {
    const where = { cn: 'Odd, Name' };
    const [first, again] = [await readWhole(sourceOf({ where })), await readWhole(sourceOf({ where }))];
    expect(first.contacts[0]?.numbers).toEqual([
      { number: '+493023125900' },
      { number: '+491713920001', label: 'Mobile' },
      { number: '+493023125901', label: 'Fax', isFax: true },
    ]);
    expect(first.contacts[0]?.contactId).toBe(again.contacts[0]?.contactId);
  });

  test('a wanted value means nothing but itself in the filter', async () => {
    expect((await readWhole(sourceOf({ where: { o: 'Sample (EMEA) * AG' } }))).contacts).toHaveLength(1);
    expect((await readWhole(sourceOf({ where: { o: '*' } }))).contacts).toEqual([]);
    expect((await readWhole(sourceOf({ where: { o: 'x)(uid=*' } }))).contacts).toEqual([]);
    expect(await failureOf({ where: { 'o=*)(cn': 'x' } })).toMatch(/is no name of an attribute/);
  });

  test('attributes are what the configuration says they are', async () => {
    const fields = { name: 'cn', company: 'sn', numbers: { telephoneNumber: 'Desk' } };
    const { contacts, mapping } = await readWhole(sourceOf({ where: { uid: 'p7' }, fields }));
    expect(contacts[0]).toMatchObject({ name: 'Person 7', company: 'Sample', numbers: [{ label: 'Desk' }] });
    expect(mapping).toContainEqual({ title: 'telephoneNumber', field: 'number', label: 'Desk' });
  });

  test('ldaps and StartTLS are trusted by the authority that the configuration names, and by it alone', async () => {
    const url = `ldaps://localhost:${server.tlsPort}`;
    expect((await readWhole(sourceOf({ url, ca, where: { uid: 'p1' } }))).contacts).toHaveLength(1);
    const startTls = { url: `ldap://localhost:${server.port}`, startTls: true, where: { uid: 'p1' } };
    expect((await readWhole(sourceOf({ ...startTls, ca }))).contacts).toHaveLength(1);
    expect(await failureOf({ url })).toMatch(/localhost:\d+: .*(?:certificate|SELF_SIGNED|UNABLE_TO)/i);
    expect(await failureOf(startTls)).toMatch(/certificate|SELF_SIGNED|UNABLE_TO/i);
  });

  test('what the server refuses is told in words, without the password', async () => {
    const wrong = await failureOf({ credentials: () => ({ ...READER, password: 'sample-wrong' }) });
    expect(wrong).toMatch(/the password of "bindDn" is not accepted/);
    expect(wrong).not.toContain('sample-wrong');
    expect(await failureOf({ base: 'ou=nobody,dc=example' })).toMatch(/there is nothing at "ou=nobody,dc=example"/);
    expect(await failureOf({ credentials: () => undefined })).toMatch(
      /cuts off after 500 entries for anonymous searches/,
    );
    expect(await failureOf({ limits: { maxRows: 10 } })).toMatch(/more than 10 entries/);
    expect(await failureOf({ url: 'ldap://127.0.0.1:9' })).toMatch(
      /127\.0\.0\.1:9: cannot be reached \(ECONNREFUSED\)/,
    );
  });
});
