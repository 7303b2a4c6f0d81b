// vCards of every version and age: read card by card, whatever else is in the file, and whatever was done to it.
import { appendFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCsvSource } from '../../../relay/src/contacts/csv.ts';
import { ContactsError } from '../../../relay/src/contacts/source.ts';
import { createVcardSource, type VcardOptions } from '../../../relay/src/contacts/vcard.ts';
import { readWhole } from './reading.ts';
import { aFolder, type Folder } from './servers.ts';

let folder: Folder;
beforeAll(() => {
  folder = aFolder();
});
afterAll(() => folder.close());

const cardsOf = (...lines: string[]) => lines.join('\r\n');
const card = (...lines: string[]) => cardsOf('BEGIN:VCARD', 'VERSION:3.0', ...lines, 'END:VCARD', '');
const read = (content: string | Buffer, over: Partial<VcardOptions> = {}) => {
  const file = `${folder.path}/cards.vcf`;
  writeFileSync(file, content);
  return readWhole(createVcardSource({ file, country: 'DE', ...over }));
};
async function failureOf(content: string, over: Partial<VcardOptions> = {}): Promise<ContactsError> {
  const failure = await read(content, over).catch((error: unknown) => error);
  if (failure instanceof ContactsError) return failure;
  throw failure instanceof Error ? failure : new Error('it was read');
}

describe('versions', () => {
  test('3.0: names, company, labelled numbers with the fax last, e-mail; lines that go on', async () => {
    const { contacts, faults } = await read(
      card(
        'UID:u-1',
        'N:Sample;Anna;;Dr.;',
        'FN:Dr. Anna Sam',
        ' ple',
        'ORG:Sample AG;Sales',
        'TEL;TYPE=WORK,FAX:+49 30 23125099',
        'TEL;TYPE=WORK,VOICE:030 23125042',
        'TEL;TYPE=CELL:0171 3920001',
        'item1.TEL:030 23125043',
        'item1.X-ABLabel:_$!<Main>!$_',
        'EMAIL;TYPE=INTERNET:Anna@sample.example',
      ),
    );
    expect(faults).toEqual([]);
    expect(contacts).toEqual([
      {
        contactId: 'u-1',
        name: 'Dr. Anna Sample',
        company: 'Sample AG',
        numbers: [
          { number: '+493023125042', label: 'Work' },
          { number: '+491713920001', label: 'Mobile' },
          { number: '+493023125043', label: 'Main' },
          { number: '+493023125099', label: 'Work fax', isFax: true },
        ],
        emails: ['anna@sample.example'],
      },
    ]);
  });

  test('4.0: tel: addresses with extensions, quoted types, kinds that are nobody', async () => {
    const { contacts, numbers } = await read(
      cardsOf(
        'BEGIN:VCARD',
        'VERSION:4.0',
        'FN:Ben',
        'TEL;VALUE=uri;TYPE="voice,home":tel:+49-30-23125044;ext=18',
        'END:VCARD',
      ) + cardsOf('', 'BEGIN:VCARD', 'VERSION:4.0', 'KIND:group', 'FN:All', 'TEL:030 23125045', 'END:VCARD', ''),
    );
    expect(contacts).toMatchObject([{ name: 'Ben', numbers: [{ number: '+493023125044', label: 'Home' }] }]);
    expect(numbers[0]).toMatchObject({ verdict: 'doubtful', reason: expect.stringContaining('extension 18') });
  });

  test('2.1: bare types, quoted-printable over several lines, another alphabet, a card within the card', async () => {
    const { contacts } = await read(
      cardsOf(
        ...['BEGIN:VCARD', 'VERSION:2.1', 'N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;Gr=', '=E9ta'],
        ...['TEL;WORK;VOICE:030 23125045', 'TEL;HOME;FAX:030 23125046', 'AGENT:', 'BEGIN:VCARD', 'VERSION:2.1'],
        ...['N:Other', 'TEL:030 23125047', 'END:VCARD', 'END:VCARD', ''],
      ),
    );
    expect(contacts).toMatchObject([
      {
        name: 'Gréta Müller',
        numbers: [
          { number: '+493023125045', label: 'Work' },
          { label: 'Home fax', isFax: true },
        ],
      },
    ]);
  });
});

describe('what is odd', () => {
  test('photos are dropped, folded or in one line, however large', async () => {
    const folded = `PHOTO;ENCODING=b:${'A'.repeat(70)}${`\r\n ${'B'.repeat(70)}`.repeat(3_000)}`;
    const { contacts } = await read(
      card('FN:A', folded, `PHOTO:data:${'C'.repeat(300_000)}`, `photo:${'D'.repeat(300_000)}`, 'TEL:030 23125042'),
    );
    expect(contacts).toMatchObject([{ name: 'A', numbers: [{ number: '+493023125042' }] }]);
  });

  test('faults name the line where the card begins', async () => {
    const { contacts, faults } = await read(
      card('FN:A', 'TEL:none') + card('TEL:030 23125042') + card('FN:C', 'TEL:030 23125043'),
    );
    expect(contacts).toMatchObject([{ name: 'C' }]);
    expect(faults).toEqual([
      { line: 1, reason: 'TEL holds no public telephone number' },
      { line: 6, reason: 'no name and no company' },
    ]);
  });

  test.each([
    ['a card without end', 'BEGIN:VCARD\nFN:A\n', 1, /begins here and never ends/],
    ['no card', `${card('FN:A')}hello\n`, 5, /is no vCard/],
    ['cards in cards in cards', 'BEGIN:VCARD\n'.repeat(20), 9, /more than 8 deep/],
    ['a line without end', `BEGIN:VCARD\nFN:${'x'.repeat(100_000)}\n`, 2, /longer than 65536 characters/],
    ['a card with too many lines', card(...Array.from({ length: 300 }, () => 'TEL:1')), 201, /more than 200 lines/],
    ['too many cards', card('FN:A').repeat(4), 9, /more than 2 cards/],
  ])('%s is told with its line', async (_what, content, line, words) => {
    const failure = await failureOf(content, { maxRows: 2 });
    expect(failure.message).toMatch(words);
    expect(failure.line).toBe(line);
  });

  test('a file that is too large, or not there', async () => {
    expect((await failureOf(card('FN:A'), { maxBytes: 10 })).message).toMatch(/larger than 10 bytes/);
    await expect(readWhole(createVcardSource({ file: `${folder.path}/none`, country: 'DE' }))).rejects.toThrow(
      /no such file/,
    );
  });
});

// A known sequence of dice: a failure can be looked at again.
function dice(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % most;
  };
}

const isFull = process.env['OFFHOOK_FULL'] === '1';
const LIMIT_MS = isFull ? 900_000 : 120_000;
const MUTATED = isFull ? 10_000 : 1_000;

test(
  `${MUTATED} mutated files, cards and tables: contacts with good numbers, or a ContactsError`,
  async () => {
    const roll = dice(20_261_122);
    const whole = card(
      'N:Sample;Anna;;;',
      'FN:Anna',
      'ORG:A;B',
      'item1.TEL;TYPE=WORK:+49 30 23125042',
      'item1.X-ABLabel:x',
      'EMAIL:a@b.example',
    ).repeat(2);
    const table = 'Name;Firma;Telefon\n"Anna ""A""";Sample AG;+49 30 23125042\nBen;;0171 3920001 / 030 23125043\n';
    const pieces = [
      '\r\n',
      ' ',
      ':',
      ';',
      '"',
      '\\',
      '=',
      'BEGIN:VCARD\r\n',
      'END:VCARD\r\n',
      '\u0000',
      '\ufeff',
      'Ä',
      ',',
      'TEL',
      '\n ',
      '=0D=0A',
      'VERSION:2.1\r\n',
      'ENCODING=QUOTED-PRINTABLE',
    ];
    for (let round = 0; round < MUTATED; round += 1) {
      const isCard = roll(2) === 0;
      let bytes = Buffer.from(isCard ? whole : table);
      for (let change = 0; change <= roll(6); change += 1) {
        const at = roll(bytes.length + 1);
        const piece = roll(3) === 0 ? Buffer.from([roll(256)]) : Buffer.from(pieces[roll(pieces.length)] ?? '');
        bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(Math.min(bytes.length, at + roll(8)))]);
      }
      const file = `${folder.path}/mutated`;
      writeFileSync(file, bytes);
      const source = isCard ? createVcardSource({ file, country: 'DE' }) : createCsvSource({ file, country: 'DE' });
      const result = await readWhole(source).catch((error: unknown) => error);
      if (result instanceof ContactsError) continue;
      if (result instanceof Error) throw new Error(`round ${round}: ${result.stack}`);
      const { contacts } = result as Awaited<ReturnType<typeof readWhole>>; // what is no error is the reading
      for (const { name, numbers } of contacts) {
        expect(name).not.toBe('');
        expect(numbers.every(({ number }) => /^\+[1-9][0-9]{1,14}$/.test(number))).toBe(true);
      }
    }
  },
  LIMIT_MS,
);

test(
  'one field without end, streamed, is refused and never held in memory',
  async () => {
    const megabytes = isFull ? 999 : 64;
    const [csv, vcf] = [`${folder.path}/endless.csv`, `${folder.path}/endless.vcf`];
    writeFileSync(csv, 'Name,Phone\n"');
    writeFileSync(vcf, 'BEGIN:VCARD\nVERSION:3.0\nPHOTO:');
    const piece = 'x'.repeat(1_000_000);
    for (let count = 0; count < megabytes; count += 1) for (const file of [csv, vcf]) appendFileSync(file, piece);
    appendFileSync(vcf, '\nFN:A\nTEL:030 23125042\nEND:VCARD\n');
    const before = process.memoryUsage().rss;
    const maxBytes = 1_000_000_000;
    await expect(readWhole(createCsvSource({ file: csv, country: 'DE', maxBytes }))).rejects.toThrow(
      /a row longer than/,
    );
    expect(
      (await readWhole(createVcardSource({ file: vcf, country: 'DE', maxBytes: 2 * maxBytes }))).contacts,
    ).toHaveLength(1);
    expect(process.memoryUsage().rss - before).toBeLessThan(256_000_000);
  },
  LIMIT_MS,
);
