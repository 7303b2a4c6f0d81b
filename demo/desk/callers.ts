// Who calls in from outside: people whom the demo CRM knows, a stranger, and names as nobody should send them.
import { PEOPLE, type Person } from '../crm/people.ts';

export interface Caller {
  label: string;
  /** As the network reports it. */
  number: string;
}

const KNOWN = ['c001', 'c002', 'c003', 'c025', 'c031', 'c036', 'c049', 'c058'];

/** The sample callers; the first is the one that is chosen. */
export const CALLERS: readonly Caller[] = [
  ...PEOPLE.filter(({ id }) => KNOWN.includes(id)).map((person) => ({
    label: `${person.name}, ${person.company}`,
    number: reported(person),
  })),
  { label: 'A stranger', number: '03023125999' },
];

/** Names that the network might send. */
export const NAMES: readonly (readonly [label: string, name: string])[] = [
  ['None', ''],
  ['Plain', 'Sample Caller'],
  ['Right to left', 'שרה לדוגמה'],
  ['128 characters', 'Very Long Sample Name '.repeat(6).slice(0, 128)],
  ['Hostile', '<img src=x onerror=alert(1)>\u202E{{7*7}} %s \u0000"><b>Sample Bank'],
];

// German numbers come as they are dialled here, others with their country code.
function reported({ phone }: Person): string {
  return phone.startsWith('+49') ? `0${phone.slice(3)}` : phone;
}
