// The XML of Windows' tsecimp: read as companies have it, refused by line where it is wrong, written so that it reads back.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { domainUserOf, loginOf, readDomainRules } from '../../../relay/src/tsecimp/domains.ts';
import { readTsecimp, type TsecimpFile } from '../../../relay/src/tsecimp/read.ts';
import { writeTsecimp } from '../../../relay/src/tsecimp/write.ts';

// With the stray blanks and the capitals of the sample in the manual for NFON's Multiline TAPI.
const SAMPLE =
  '<UserList><User NoMerge="1"><DomainUser> EXAMPLE\\MUSTERMANNM</DomainUser><FriendlyName> Max Mustermann</FriendlyName>' +
  '<LineList><Line><Address>185</Address></Line></LineList></User></UserList>';
const MAX = {
  place: 1,
  domain: 'EXAMPLE',
  login: 'MUSTERMANNM',
  friendlyName: 'Max Mustermann',
  isReplacing: true,
  lines: [{ address: '185' }],
};

function utf16be(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

function read(text: string): TsecimpFile {
  return readTsecimp(Buffer.from(text));
}

function aUser(inside: string, attributes = ''): string {
  return `<UserList>\n<User${attributes}>${inside}</User>\n</UserList>`;
}

const NAME = '<DomainUser>EXAMPLE\\anna</DomainUser>';

describe('reading', () => {
  test('the sample of the manual is understood as it stands', () => {
    expect(read(SAMPLE)).toEqual({ users: [MAX], faults: [] });
  });

  test.each<[string, Buffer]>([
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${SAMPLE}`)],
    ['UTF-16 little-endian', Buffer.from(`\ufeff<?xml version="1.0" encoding="utf-16"?>${SAMPLE}`, 'utf16le')],
    ['UTF-16 big-endian', utf16be(`\ufeff${SAMPLE}`)],
    ['UTF-16 without a mark', Buffer.from(SAMPLE, 'utf16le')],
    ['UTF-16 big-endian without a mark', utf16be(SAMPLE)],
    ['UTF-16 that calls itself UTF-8', Buffer.from(`\ufeff<?xml version="1.0" encoding="utf-8"?>${SAMPLE}`, 'utf16le')],
    ['Windows-1252', Buffer.from(`<?xml version="1.0" encoding="Windows-1252"?>${SAMPLE}`, 'latin1')],
  ])('%s reads the same', (_name, bytes) => {
    expect(readTsecimp(bytes)).toEqual({ users: [MAX], faults: [] });
  });

  test('umlauts come as they are, in whatever encoding the file says it is', () => {
    const text = aUser(`${NAME}<FriendlyName>Jörg &amp; Größe</FriendlyName>`);
    const latin = Buffer.from(`<?xml version="1.0" encoding="iso-8859-1"?>${text}`, 'latin1');
    for (const bytes of [Buffer.from(text), latin, Buffer.from(text, 'utf16le')]) {
      expect(readTsecimp(bytes).users[0]?.friendlyName).toBe('Jörg & Größe');
    }
  });

  test('without NoMerge, or with 0, lines are added; permanent ids and users without lines are understood', () => {
    const lines = '<LineList><Line><PermanentID>4711</PermanentID></Line><Line><Address>18</Address></Line></LineList>';
    const { users, faults } = read(`<UserList><User NoMerge="0">${NAME}</User><User>${NAME}${lines}</User></UserList>`);
    expect(faults).toEqual([]);
    expect(users).toMatchObject([
      { isReplacing: false, lines: [] },
      { isReplacing: false, lines: [{ permanentId: '4711' }, { address: '18' }] },
    ]);
  });

  test.each<[string, string, number, string]>([
    ['no XML', 'Anna;18', 1, 'no XML: '],
    ['an end that is missing', aUser(NAME).replace('</User>', ''), 3, 'no XML: '],
    ['another root', '<Users></Users>', 1, '<Users> does not belong there'],
    ['an unknown element', aUser(`${NAME}<Phone>18</Phone>`), 2, '<Phone> does not belong into <User>'],
    ['an unknown attribute', aUser(NAME, ' Merge="1"'), 2, '<User> has no attribute Merge'],
    ['another NoMerge', aUser(NAME, ' NoMerge="yes"'), 2, 'NoMerge is "1", "0" or left out, unlike "yes"'],
    ['no DomainUser', aUser('<FriendlyName>Anna</FriendlyName>'), 2, '<User> has no <DomainUser>'],
    ['no backslash', aUser('<DomainUser>anna</DomainUser>'), 2, '<DomainUser> is DOMAIN\\USER, unlike anna'],
    [
      'an empty address',
      aUser(`${NAME}<LineList><Line><Address> </Address></Line></LineList>`),
      2,
      '<Address> is empty',
    ],
    [
      'an empty line',
      aUser(`${NAME}<LineList><Line/></LineList>`),
      2,
      '<Line> has neither <Address> nor <PermanentID>',
    ],
    [
      'both names of a line',
      aUser(`${NAME}<LineList><Line><Address>1</Address><PermanentID>2</PermanentID></Line></LineList>`),
      2,
      '<Line> has one <Address> or one <PermanentID>, not several',
    ],
    ['stray text', aUser(`${NAME} 18 `), 2, 'text stands in <User>: 18'],
    ['a text without end', aUser(`<DomainUser>${'x'.repeat(300)}</DomainUser>`), 2, '<DomainUser> is longer than 256'],
    [
      'an unknown encoding',
      '<?xml version="1.0" encoding="EBCDIC-CP-BE"?><UserList/>',
      0,
      'the file is in EBCDIC-CP-BE',
    ],
  ])('%s is a fault with its line', (_name, text, place, message) => {
    const { faults } = read(text);
    expect(faults[0]).toMatchObject({ place });
    expect(faults[0]?.message).toContain(message);
  });

  test('a document type is refused before anything in it is read: no entity grows, no file is fetched', () => {
    const grown = '<!DOCTYPE UserList [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>';
    const fetched = '<!DOCTYPE UserList SYSTEM "file:///etc/passwd">';
    for (const head of [grown, fetched]) {
      expect(read(`${head}${aUser('<DomainUser>&b;</DomainUser>')}`)).toEqual({
        users: [],
        faults: [{ place: 1, message: 'a document type (DOCTYPE) is not allowed' }],
      });
    }
    expect(read(aUser('<DomainUser>A\\&who;</DomainUser>')).faults).toHaveLength(1);
  });

  test('a file without end, and one of endless depth, are refused', () => {
    expect(readTsecimp(Buffer.alloc(20_000_001, 32)).faults[0]?.message).toBe('the file is larger than 20 MB');
    expect(read('<UserList>'.repeat(100_000)).faults).toHaveLength(1);
  });

  test('bytes that are no list never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(SAMPLE.length), (noise, at) => {
        const bytes = Buffer.concat([Buffer.from(SAMPLE.slice(0, at)), noise, Buffer.from(SAMPLE.slice(at))]);
        const { users, faults } = readTsecimp(bytes);
        expect(users.length + faults.length).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('writing', () => {
  test('whatever was written reads back the same', () => {
    const word = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter((text) => {
      return text.trim() === text && /^[^\\\p{C}\u0085\u2028]+$/u.test(text);
    });
    const line = fc.oneof(
      word.map((address) => ({ address })),
      word.map((permanentId) => ({ permanentId })),
    );
    const user = fc.record({ domain: word, login: word, friendlyName: word, lines: fc.array(line, { maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(user, { maxLength: 4 }), (users) => {
        const xml = writeTsecimp(users.map((one) => ({ ...one, domainUser: `${one.domain}\\${one.login}` })));
        const back = readTsecimp(Buffer.from(xml));
        expect(back.faults).toEqual([]);
        expect(back.users).toEqual(users.map((one) => ({ ...one, place: expect.any(Number), isReplacing: true })));
      }),
    );
  });

  test('signs that XML cannot hold are left out rather than making a file that nobody can read', () => {
    const xml = writeTsecimp([{ domainUser: 'A\\b', friendlyName: 'An\u0000na\u001b', lines: [] }]);
    expect(readTsecimp(Buffer.from(xml)).users[0]?.friendlyName).toBe('Anna');
  });
});

describe('domains', () => {
  test('a rule makes the log-in name and finds its way back', () => {
    const read = readDomainRules('EXAMPLE, Sales=s-');
    const rules = 'rules' in read ? read.rules : [];
    expect(loginOf({ domain: 'Example', login: 'MustermannM' }, rules)).toBe('mustermannm');
    expect(loginOf({ domain: 'SALES', login: 'Anna' }, rules)).toBe('s-anna');
    expect(loginOf({ domain: 'OTHER', login: 'Anna' }, rules)).toBeUndefined();
    expect(domainUserOf('mustermannm', rules)).toBe('EXAMPLE\\mustermannm');
    expect(domainUserOf('s-anna', rules)).toBe('SALES\\anna');
  });

  test.each([
    ['EXAMPLE,SALES', 'need prefixes that tell them apart'],
    ['EXAMPLE,EXAMPLE=x', 'need prefixes that tell them apart'],
    ['EXAMPLE=S P', 'cannot begin a log-in name'],
    ['=x', 'a domain is empty'],
  ])('%s would make two people one, or nobody, and is refused', (text, why) => {
    const read = readDomainRules(text);
    expect('fault' in read && read.fault).toContain(why);
  });
});
