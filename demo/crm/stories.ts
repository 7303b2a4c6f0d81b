// What happened with the people of the demo CRM: deals, tickets and mails, made of a few sentences and the people's own
// numbers. Pure and the same at every start. Numbers stand among dates, orders, accounts, amounts and parcels on purpose.
import { countryName, habitOf, PEOPLE, type Person, sibling } from './people.ts';
import { homely, international, written } from './writing.ts';

export interface Entry {
  id: string;
  /** As shown: `2026-09-14, 10:20`. */
  at: string;
  who: string;
  text: string;
}

export interface Deal {
  id: string;
  title: string;
  stage: 'Lead' | 'Offer' | 'Negotiation' | 'Won';
  /** `12.400,00 EUR` */
  value: string;
  person: Person;
  entries: readonly Entry[];
}

export interface Message {
  id: string;
  from: string;
  at: string;
  paragraphs: readonly string[];
  /** What the mail answers, as mail programs quote it. */
  quote?: string;
  signature: readonly string[];
}

export interface Ticket {
  id: string;
  subject: string;
  status: 'Open' | 'Waiting' | 'Solved';
  person: Person;
  messages: readonly Message[];
}

export interface Mail extends Message {
  subject: string;
  person: Person;
}

const DEAL_COUNT = 42;
const TICKET_COUNT = 42;
const MAIL_COUNT = 40;
const STAGES = ['Lead', 'Offer', 'Negotiation', 'Won'] as const;
const STATUSES = ['Open', 'Waiting', 'Solved'] as const;
const GOODS = [
  'packing machine',
  'label printers',
  'service contract',
  'spare parts',
  'training days',
  'storage racks',
];
const TROUBLES = [
  'Delivery incomplete',
  'Invoice sent twice',
  'Machine stops at start',
  'Wrong address on parcel',
  'Password reset does not arrive',
  'Question about the warranty',
];
// The labels of the sender's own language, as they come with a mail.
const LABELS: Readonly<Record<string, readonly [phone: string, second: string, extension: string]>> = {
  DE: ['Tel.:', 'Mobil:', ''],
  AT: ['Tel.:', 'Mobil:', ' DW 18'],
  CH: ['Tel.', 'Direkt', ''],
  FR: ['Tél. :', 'Standard :', ' poste 245'],
  IT: ['Tel.', 'Ufficio', ' int. 12'],
  ES: ['Tel.:', 'Teléfono:', ' ext. 12'],
  NL: ['Tel.', 'Mobiel:', ''],
  BE: ['Tel.', 'Tél.', ''],
  PL: ['tel.', 'kom.', ' wew. 45'],
  PT: ['Tel.:', 'Telefone:', ''],
  SE: ['Tel:', 'Mobil:', ''],
  DK: ['Tlf.', 'Mobil', ''],
  US: ['Phone:', 'Cell:', ' ext. 204'],
  CA: ['Phone:', 'Cell:', ' x 33'],
};
// At home in these countries numbers look like German ones; who writes from there to Germany adds the country code.
const LIKE_GERMAN = new Set(['CH', 'BE', 'SE', 'AU']);

/** All deals, newest first. */
export const DEALS: readonly Deal[] = Array.from({ length: DEAL_COUNT }, (_, index) =>
  dealOf(personAt(index * 11), index),
);
/** All tickets, newest first. */
export const TICKETS: readonly Ticket[] = Array.from({ length: TICKET_COUNT }, (_, index) =>
  ticketOf(personAt(index * 7 + 1), index),
);
/** The inbox, newest first. */
export const MAILS: readonly Mail[] = Array.from({ length: MAIL_COUNT }, (_, index) =>
  mailOf(personAt(index * 13), index),
);

/** The deals with this person. */
export function dealsOf({ id }: Person): readonly Deal[] {
  return DEALS.filter(({ person }) => person.id === id);
}

/** The tickets of this person. */
export function ticketsOf({ id }: Person): readonly Ticket[] {
  return TICKETS.filter(({ person }) => person.id === id);
}

function dealOf(person: Person, index: number): Deal {
  const goods = GOODS[index % GOODS.length] ?? '';
  const { phone, mobile, name, order, iban } = person;
  const price = `${index + 3}.400,00 EUR`;
  const texts = [
    `${name} called from ${written(phone, index)} and asked for an offer for ${goods}, delivery until 30.11.2026.`,
    `Offer ${order} sent, ${price} net, valid until 2026-12-15. Second contact: ${written(sibling(phone, 4), index + 1)}.`,
    `Not reached on ${written(mobile, index + 3)}; voicemail. Try ${written(sibling(phone, 5), index + 2)} after 14:30.`,
    `Purchasing changed: Tel. ${international(sibling(phone, 6))}, Fax ${written(sibling(phone, 7), 4)}.`,
    `Down payment from ${iban} on 04.11.2026, 2 x 1.250,00 EUR, reference ${order}.`,
    `Parcel 00340434161094015902 left at 08:45, 3 boxes, 12.5 kg, to 52.5200, 13.4050. Driver: ${written(mobile, index)}.`,
  ];
  const entries = texts.map((text, nth) =>
    entryOf(text, { nth, index, who: nth % 2 === 0 ? 'Ada Sample' : 'Ben Sample' }),
  );
  return {
    id: `d${String(index + 1).padStart(3, '0')}`,
    title: `${person.company}: ${goods}`,
    stage: STAGES[index % STAGES.length] ?? 'Lead',
    value: price,
    person,
    entries,
  };
}

function entryOf(text: string, { nth, index, who }: { nth: number; index: number; who: string }): Entry {
  return { id: `e${nth}`, at: `2026-10-${two(2 + nth * 4 + (index % 5))}, ${two(9 + nth)}:20`, who, text };
}

function ticketOf(person: Person, index: number): Ticket {
  const subject = TROUBLES[index % TROUBLES.length] ?? '';
  const { phone, mobile, order, name } = person;
  const first: Message = {
    id: 'm1',
    from: name,
    at: `2026-11-${two(20 - (index % 18))}, 08:12`,
    paragraphs: [
      `Hello, this is about order ${order} of 12.03.2026, customer number 0302312${person.id.slice(1)}.`,
      `Please call me back on ${said(person, phone)}, or on my other number ${said(person, mobile)} from 08:00 to 12:00.`,
    ],
    signature: signatureOf(person),
  };
  const answer: Message = {
    id: 'm2',
    from: 'Ada Sample',
    at: `2026-11-${two(20 - (index % 18))}, 09:40`,
    paragraphs: [
      `We tried ${written(phone, index)} at 09:35 and reached nobody. Ticket 4711-2026 stays open.`,
      'The part 4006381333931 is in stock, version 2.14.0, 12 pcs at 1.234,50 EUR.',
    ],
    quote: `Please call me back on ${said(person, phone)}, or on my other number ${said(person, mobile)} from 08:00 to 12:00.`,
    signature: ['Ada Sample', 'Kontor Sample GmbH, Berlin', 'Tel. 030/23125900, Fax 030/23125901'],
  };
  const last: Message = {
    id: 'm3',
    from: name,
    at: `2026-11-${two(21 - (index % 18))}, 11:05`,
    paragraphs: [`My colleague knows more: ${written(sibling(phone, 4), index + 4)}. I am away until 01.12.2026.`],
    quote: `We tried ${written(phone, index)} at 09:35 and reached nobody.`,
    signature: signatureOf(person),
  };
  return {
    id: `t${String(index + 1).padStart(3, '0')}`,
    subject,
    status: STATUSES[index % STATUSES.length] ?? 'Open',
    person,
    messages: [first, answer, last],
  };
}

function mailOf(person: Person, index: number): Mail {
  const { phone, mobile, order, name } = person;
  const bodies = [
    [`Could you call ${said(person, phone)} today? It is about order ${order}, amount 2.380,00 EUR, due 30.11.2026.`],
    [
      `My new number is ${said(person, mobile)}; please delete the old one.`,
      'The tracking number is 1Z12345E0205271688.',
    ],
    [`Attached is invoice ${order}.pdf. Questions: ${written(sibling(phone, 3), index)} (reception).`],
    [`Our meeting is on 2026-12-03 at 14:05. Dial in: ${international(sibling(phone, 5))}, meeting 823 4410 5562.`],
  ];
  return {
    id: `m${String(index + 1).padStart(3, '0')}`,
    from: name,
    at: `2026-11-${two(21 - Math.floor(index / 2))}, ${index % 2 === 0 ? '15:05' : '09:40'}`,
    subject: ['Call back, please', 'New number', 'Invoice attached', 'Our meeting'][index % 4] ?? '',
    paragraphs: ['Hello,', ...(bodies[index % bodies.length] ?? [])],
    signature: signatureOf(person),
    person,
  };
}

function signatureOf(person: Person): string[] {
  const { name, company, city, country, phone, mobile } = person;
  const [phoneLabel, secondLabel, extension] = LABELS[country] ?? ['Phone:', 'Mobile:', ''];
  return [
    name,
    `${company}, ${city}, ${countryName(person)}`,
    `${phoneLabel} ${written(phone, habitOf(person) + 1)}${extension}`,
    `${secondLabel} ${international(mobile)}`,
  ];
}

function said(person: Person, e164: string): string {
  return LIKE_GERMAN.has(person.country) ? international(e164) : homely(e164, habitOf(person));
}

function personAt(index: number): Person {
  const person = PEOPLE[index % PEOPLE.length];
  if (!person) throw new Error('the CRM has no people');
  return person;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
