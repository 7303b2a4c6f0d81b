// Two pages to find numbers in, drawn by a seed: a long table, as CRMs have it, and a long mail thread, as help desks
// have it. All people are made up, all numbers lie in the ranges that regulators keep for fiction.
import { createDice, type Dice } from '../fakes/dice.ts';

/** A page as the finder gets it: one text for each cell, line or paragraph. `numbers` of them hold a phone number. */
export interface FinderPage {
  texts: string[];
  numbers: number;
}

/** 10,000 rows of five cells, 0.9 MB; each row holds one number. */
export function tablePage(): FinderPage {
  const dice = createDice(4711);
  const rows = Array.from({ length: 10_000 }, () => tableRow(dice));
  return { texts: rows.flat(), numbers: rows.length };
}

/** A thread of mails, each quoting what came before it, 2.3 MB; the longest block has 100 kB. */
export function mailPage(): FinderPage {
  const dice = createDice(2024);
  const texts: string[] = [];
  let numbers = 0;
  for (let bytes = 0, mail = 0; bytes < 2_300_000; mail += 1) {
    const blocks = mailBlocks(dice, { mail, quotedLines: mail % 40 === 39 ? 1_400 : 12 });
    texts.push(...blocks.texts);
    numbers += blocks.numbers;
    bytes += blocks.texts.reduce((sum, { length }) => sum + length, 0);
  }
  return { texts, numbers };
}

const FIRST_NAMES = 'Anna Ben Clara David Emma Felix Greta Hugo Ida Jonas Klara Linus Mara Nils Olga Paul'.split(' ');
const LAST_NAMES = 'Muster Beispiel Probe Sample Example Exemple Esempio Ejemplo Voorbeeld Exempel'.split(' ');
const COMPANIES = 'Muster GmbH,Beispiel AG,Sample Ltd,Exemple SARL,Probe & Co. KG,Esempio S.r.l.'.split(',');
const DEPARTMENTS = 'Einkauf Sales Support Buchhaltung Legal'.split(' ');
const CITIES = 'Musterstadt Beispielhausen Probedorf'.split(' ');
const STREETS = 'Musterstraße,Beispielweg,Probeallee,Am Mustermarkt,Sample Street'.split(',');
const WORDS =
  'please see below the updated offer and let us know until Friday whether the delivery fits wir haben die Unterlagen geprüft und melden uns morgen wieder mit einem neuen Termin danke für Ihre schnelle Antwort'.split(
    ' ',
  );

function tableRow(dice: Dice): string[] {
  const name = `${dice.pick(LAST_NAMES)}, ${dice.pick(FIRST_NAMES)} (${dice.pick(DEPARTMENTS)})`;
  const company = `${dice.pick(COMPANIES)}, ${dice.pick(CITIES)}`;
  const where = dice.below(2) === 0 ? mailAddress(dice) : `${street(dice)}, ${10_000 + dice.below(80_000)} Musterstadt`;
  return [dice.below(2) === 0 ? name : company, phone(dice), dice.pick(DATES)(dice), dice.pick(FIGURES)(dice), where];
}

const DATES: readonly ((dice: Dice) => string)[] = [
  date,
  (dice) => `${date(dice)}, ${10 + dice.below(12)}:${10 + dice.below(50)}`,
  (dice) => `2026-${10 + dice.below(3)}-${10 + dice.below(18)}`,
];

const FIGURES: readonly ((dice: Dice) => string)[] = [
  (dice) => `PO-${dice.digits(8)}`,
  (dice) => `4500${dice.digits(6)}`,
  (dice) => `2026-${dice.digits(4)}-${dice.digits(4)}`,
  (dice) => `${1 + dice.below(99)}.${dice.digits(3)},${dice.digits(2)} €`,
  (dice) => `€ ${1 + dice.below(999)}.${dice.digits(2)}`,
];

const PHONES: readonly ((dice: Dice) => string)[] = [
  (dice) => `030 23125${dice.digits(3)}`,
  (dice) => `030/23125${dice.digits(3)}`,
  (dice) => `(030) 23125 ${dice.digits(3)}`,
  (dice) => `030 23125-${dice.digits(3)}`,
  (dice) => `03023125${dice.digits(3)}`,
  (dice) => `+49 30 23125${dice.digits(3)}`,
  (dice) => `+49 (0)69 90009 ${dice.digits(3)}`,
  (dice) => `0049 40 66969${dice.digits(3)}`,
  (dice) => `0171 39200${dice.digits(2)}`,
  (dice) => `+49 171 39200${dice.digits(2)}`,
  (dice) => `+44 20 7946 0${dice.digits(3)}`,
  (dice) => `+1 212-555-01${dice.digits(2)}`,
];

function phone(dice: Dice): string {
  return dice.pick(PHONES)(dice);
}

function date(dice: Dice): string {
  return `${10 + dice.below(18)}.${10 + dice.below(3)}.2026`;
}

function street(dice: Dice): string {
  return `${dice.pick(STREETS)} ${1 + dice.below(200)}`;
}

function mailAddress(dice: Dice): string {
  return `${dice.pick(FIRST_NAMES)}.${dice.pick(LAST_NAMES)}${dice.below(90)}@example.com`.toLowerCase();
}

function mailBlocks(dice: Dice, { mail, quotedLines }: { mail: number; quotedLines: number }): FinderPage {
  const headers = [
    `From: ${dice.pick(FIRST_NAMES)} ${dice.pick(LAST_NAMES)} <${mailAddress(dice)}>`,
    `Date: Mon, ${1 + dice.below(28)} Nov 2026 ${10 + dice.below(12)}:${dice.digits(2)}:${dice.digits(2)} +0100`,
    `Message-ID: <${dice.digits(14)}.${dice.digits(6)}@mail${dice.below(9)}.example.com>`,
    `Subject: Re: Ticket #${100_000 + mail} Angebot ${dice.digits(6)}-${dice.digits(2)}`,
  ];
  const body = Array.from({ length: 3 }, () => paragraph(dice));
  const signature = [
    `${dice.pick(FIRST_NAMES)} ${dice.pick(LAST_NAMES)}`,
    `${dice.pick(COMPANIES)} · ${street(dice)} · ${10_000 + dice.below(80_000)} Musterstadt`,
    `Tel. ${phone(dice)} | Mobil ${phone(dice)}`,
    `HRB ${dice.digits(5)} · USt-IdNr. DE${dice.digits(9)} · https://www.example.com/?id=${dice.digits(10)}`,
  ];
  const quoted = Array.from({ length: quotedLines }, () => `> ${quotedLine(dice)}`).join('\n');
  const texts = [...headers, ...body, ...signature, quoted];
  return { texts, numbers: 2 + (quoted.match(/Tel\. /g)?.length ?? 0) };
}

function paragraph(dice: Dice): string {
  return Array.from({ length: 60 }, () => dice.pick(WORDS)).join(' ');
}

function quotedLine(dice: Dice): string {
  switch (dice.below(10)) {
    case 0:
      return `On ${date(dice)} at ${10 + dice.below(12)}:${dice.digits(2)}, ${mailAddress(dice)} wrote:`;
    case 1:
      return `Bestellung ${dice.digits(8)} vom ${date(dice)}, ${1 + dice.below(99)}.${dice.digits(3)},00 EUR`;
    case 2:
      return `Tel. ${phone(dice)}`;
    default:
      return Array.from({ length: 10 }, () => dice.pick(WORDS)).join(' ');
  }
}
