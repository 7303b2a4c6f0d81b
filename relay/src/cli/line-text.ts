// Lines, calls and journal entries as a person reads them in a terminal. Whoever may use the control socket may see all.
import type { Call, Disposition, JournalEntry, Line, PhoneNumber, Remote } from '@offhook/protocol';

const DISPOSITION_WORDS: Record<Disposition | 'unknown', string> = {
  resolved: 'resolved',
  callBack: 'call back',
  leftMessage: 'left a message',
  wrongNumber: 'wrong number',
  unknown: 'unknown',
};
const ARROWS: Record<string, string> = { inbound: '←', outbound: '→', internal: '↔' };

/** `18  Hugo Sample  ringing`, and a line below for each call. */
export function lineText(line: Line): string {
  const reason = line.unavailableReason === undefined ? '' : ` (${line.unavailableReason})`;
  const extras = [line.dnd === true ? 'do not disturb' : '', line.device ?? ''].filter((text) => text !== '');
  const head = [line.extension.padEnd(6), line.name.padEnd(24), `${line.state}${reason}`, ...extras].join('  ');
  return [head.trimEnd(), ...line.calls.map(callText)].join('\n');
}

/**
 * `2026-11-21 10:01:02  ←  18  +493023125042 Contoso Sample  answered 0:34`; the time is this machine's. `extension` is the
 * line's, if it still has one. What agents said of it stands behind it in brackets, what they wrote in lines below.
 */
export function entryText(entry: JournalEntry, extension = entry.lineId): string {
  const { direction, remote, startedAt, answeredAt, endedAt, outcome, isEstimated, disposition, note } = entry;
  const talked =
    answeredAt === undefined || endedAt === undefined
      ? ''
      : ` ${durationText(Date.parse(endedAt) - Date.parse(answeredAt))}`;
  const end = `${outcome ?? 'going on'}${talked}${isEstimated ? ' (estimated)' : ''}`;
  const said = disposition === undefined ? [] : [`[${DISPOSITION_WORDS[disposition]}]`];
  const head = [localTime(startedAt), ARROWS[direction] ?? '?', extension, remoteText(remote), end, ...said].join('  ');
  return [head, ...(note?.split('\n').map((line) => `        ${line}`) ?? [])].join('\n');
}

function callText(call: Call): string {
  const cause = call.cause === undefined ? '' : ` (${call.cause})`;
  const age = durationText(call.connectedMs ?? call.ageMs);
  return `        ${ARROWS[call.direction] ?? '?'} ${remoteText(call.remote)}  ${call.state}${cause}  ${age}  ${call.callId}`;
}

function remoteText({ number, contact, name }: Remote): string {
  const known = contact?.name ?? name;
  return known === undefined ? numberText(number) : `${numberText(number)} ${known}`;
}

function numberText(number: PhoneNumber): string {
  switch (number.kind) {
    case 'e164':
    case 'internal':
    case 'service':
      return number.number;
    case 'code':
      return number.code;
    case 'raw':
      return number.text;
    case 'anonymous':
    case 'hidden':
      return number.kind;
    default:
      return number satisfies never;
  }
}

function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `2026-11-21 10:01:02`, in this machine's time. */
export function localTime(iso: string): string {
  const date = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[two(date.getHours()), two(date.getMinutes()), two(date.getSeconds())].join(':')}`;
}
