// docs/phone-systems.md from the drivers' declarations and the reports of the contract. A claim alone is worth nothing here:
// a cell that no passed test stands behind reads "unknown". Pure; reading and writing files is scripts/phone-systems.ts.
import { COMMANDS } from '../../protocol/src/telephony.ts';
import { type Claim, PBX_EVENTS, type PbxDeclaration } from '../../relay/src/pbx/declaration.ts';

/** A report of tests/relay/pbx/reports. */
export interface Report {
  kind: string;
  subject: string;
  shown: Readonly<Record<string, Claim['is']>>;
}

/** A kind of phone system, with every report there is of it. */
export interface Column {
  kind: string;
  declaration: PbxDeclaration;
  reports: readonly Report[];
}

const EVENT_WORDS: Record<(typeof PBX_EVENTS)[number], string> = {
  callSeen: 'A call dialled at the phone is seen',
  ringback: 'The far end rings',
  connected: 'The far end has answered',
  hangUp: 'Hang-up',
  cause: 'Why a call ended',
  lineState: 'Line state (busy lamp)',
  registration: 'Whether a phone is logged in',
  dnd: 'Do not disturb',
  forward: 'Forwards',
  ringGroup: 'A ring group’s phones as one call',
  answerReported: 'The time of the answer',
  runningCalls: 'Calls from before the relay’s start',
  voicemail: 'Messages that wait',
};

// NFON's scope of services; the other tests of the contract follow.
const TEST_WORDS: Record<string, string> = {
  'cell/pc-make-call': 'From the PC: make call',
  'cell/pc-hang-up-ringback': 'From the PC: hang up in ringback',
  'cell/pc-hang-up-connected': 'From the PC: hang up connected',
  'cell/phone-dial': 'From the phone: dial',
  'cell/phone-hang-up-ringback': 'From the phone: hang up in ringback',
  'cell/phone-hang-up-connected': 'From the phone: hang up connected',
  'cell/inbound-offering': 'Inbound: offering',
  'cell/inbound-connected': 'Inbound: connected',
  'cell/inbound-hang-up': 'Inbound: hang-up',
  'rule/colleagues': 'A call between colleagues: one conversation',
  'rule/snapshot': 'Every line in the snapshot',
  'rule/not-offered': 'What a call does not offer is refused',
  'rule/call-over': 'Orders for calls that are over are refused',
  'rule/line-unknown': 'Orders for unknown lines are refused',
  'rule/restrictions': 'Only declared restrictions are told',
  'rule/closed': 'Silent after it was closed',
  'rule/no-backward-states': 'No state goes back, whatever happens',
  'fault/reconnect': 'A break: same call, same key',
  'fault/call-in-the-break': 'A call begins and ends in a break',
  'fault/order-in-the-break': 'No order gets lost in a break',
  'fault/garbage': 'Garbage and unknown events',
  'fault/half-messages': 'Messages in pieces',
  'fault/flood': '2,000 changes at once',
  'fault/login-refused': 'A refused login is said in words',
  'fault/silence': 'Silence is noticed',
  'fault/order-into-silence': 'An order into silence is not sent twice',
};

/** The page. Columns come in the order given. */
export function phoneSystemsPage(columns: readonly Column[]): string {
  const notes = createNotes();
  const parts = [
    '# Phone systems',
    'What Offhook can do with which phone system, and what was tried to know it. This page is made by ' +
      '`node scripts/phone-systems.ts` from what each driver declares and from the reports of the contract that every ' +
      'driver is tested by (`tests/relay/pbx/contract.ts`). **yes** and **limited**: a test has shown it. **no**: the ' +
      'phone system does not have it, and a test has shown that Offhook refuses it, or makes nothing up. **unknown**: ' +
      'no passed test stands behind it.',
    testedWith(columns),
    '## Commands',
    table(columns, ['What is ordered', ...COMMANDS.map((name) => `\`${name}\``)], (column, index) =>
      claimCell(column, `command/${COMMANDS[index]}`, {
        claim: column.declaration.commands[at(COMMANDS, index)],
        notes,
      }),
    ),
    '## Events',
    table(columns, ['What is told', ...PBX_EVENTS.map((name) => EVENT_WORDS[name])], (column, index) =>
      claimCell(column, `event/${PBX_EVENTS[index]}`, {
        claim: column.declaration.events[at(PBX_EVENTS, index)],
        notes,
      }),
    ),
    notes.text(),
    '## Situations and faults',
    'The first nine are the cells of NFON’s scope of services; each checks line state, call state, cause and journal row.',
    table(
      columns,
      ['Test', ...Object.values(TEST_WORDS)],
      (column, index) => shownIn(column, at(Object.keys(TEST_WORDS), index)) ?? 'unknown',
    ),
    restrictions(columns),
    '## Which phone rings',
    ...columns.map(({ declaration }) => `- **${declaration.name}**: ${declaration.deviceChoice}`),
  ];
  return `${parts
    .filter((part) => part !== '')
    .join('\n\n')
    .replaceAll(/\n\n(?=- )/g, '\n')}\n`;
}

function testedWith(columns: readonly Column[]): string {
  const rows = columns.map(({ kind, declaration, reports }) => {
    const subjects = reports.map(({ subject }) => subject).join('; ');
    return `| ${declaration.name} | \`${kind}\` | ${subjects === '' ? 'nothing yet' : subjects} |`;
  });
  return ['| Phone system | `kind` | Tested with |', '|---|---|---|', ...rows].join('\n');
}

function table(
  columns: readonly Column[],
  head: readonly string[],
  cell: (column: Column, index: number) => string,
): string {
  const [title = '', ...names] = head;
  const rows = names.map((name, index) => `| ${[name, ...columns.map((column) => cell(column, index))].join(' | ')} |`);
  return [
    `| ${[title, ...columns.map(({ declaration }) => declaration.name)].join(' | ')} |`,
    `|${'---|'.repeat(columns.length + 1)}`,
    ...rows,
  ].join('\n');
}

// What was shown must be what is claimed: a subject that can do less shows less, and does not speak for the others.
function claimCell(column: Column, key: string, { claim, notes }: { claim: Claim; notes: Notes }): string {
  const isShown = column.reports.some(
    ({ shown }) => shown[key] === claim.is || (claim.is === 'limited' && shown[key] === 'yes'),
  );
  if (!isShown) return 'unknown';
  return claim.is === 'yes' ? 'yes' : `${claim.is} ${notes.mark(`${column.declaration.name}: ${claim.why}`)}`;
}

function shownIn({ reports }: Column, key: string): string | undefined {
  const shown = reports.map((report) => report.shown[key]);
  return (['yes', 'limited', 'no'] as const).find((word) => shown.includes(word));
}

interface Notes {
  mark(text: string): string;
  text(): string;
}

function createNotes(): Notes {
  const notes: string[] = [];
  return {
    mark(text) {
      if (!notes.includes(text)) notes.push(text);
      return `(${notes.indexOf(text) + 1})`;
    },
    text: () => notes.map((text, index) => `(${index + 1}) ${text}`).join('  \n'),
  };
}

function restrictions(columns: readonly Column[]): string {
  const rows = columns.flatMap(({ declaration }) =>
    declaration.restrictions.map(({ code, why }) => `| ${declaration.name} | \`${code}\` | ${why} |`),
  );
  if (rows.length === 0) return '';
  const words = 'What agents are told beside the line or the journal entry, where it matters to them.';
  return ['## Restrictions', '', words, '', '| Phone system | Code | What it means |', '|---|---|---|', ...rows].join(
    '\n',
  );
}

function at<Item>(list: readonly Item[], index: number): Item {
  const item = list[index];
  if (item === undefined) throw new Error(`there is no item ${index}`);
  return item;
}
