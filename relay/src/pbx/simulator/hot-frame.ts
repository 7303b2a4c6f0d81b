// Reads the one frame that comes hundreds of times a second, the news of a call, without the schema's ceremony. It accepts
// less than the schema does, never more and never otherwise: whatever it does not know goes the long way (wire.ts).
import { CALL_STATES, type CallState, COMMANDS, type CommandName, DIRECTIONS, type Direction } from '@offhook/protocol';
import type { DriverEvent, Leg } from '../driver.ts';

const STATES: ReadonlySet<unknown> = new Set<CallState>(CALL_STATES);
const WAYS: ReadonlySet<unknown> = new Set<Direction>(DIRECTIONS);
const PLACES: ReadonlyMap<unknown, number> = new Map(COMMANDS.map((name, place) => [name, place]));
const LONGEST_WORD = 64;
const LONGEST_TEXT = 256;
/** What a leg consists of when it is plain. */
const FIELDS: ReadonlySet<string> = new Set<keyof Leg>([
  ...(['lineKey', 'callKey', 'direction', 'state', 'remote', 'dialled', 'since', 'connectedSince'] as const),
  ...(['answerReported', 'capabilities'] as const),
]);

/** The frame if it is the plain news of a call, undefined if the schema has to look. */
export function hotFrameOf(json: unknown): { type: 'event'; event: DriverEvent & { type: 'leg' } } | undefined {
  if (!isObject(json) || json['type'] !== 'event' || !isObject(json['event'])) return undefined;
  const { type, leg } = json['event'];
  if (type !== 'leg' || !isPlainLeg(leg)) return undefined;
  const capabilities = inOrder(leg.capabilities);
  if (!capabilities) return undefined;
  const remote = 'number' in leg.remote ? leg.remote : { ...(leg.remote as Leg['remote']), number: undefined };
  const isAsRead = remote === leg.remote && capabilities === leg.capabilities;
  return { type: 'event', event: { type, leg: isAsRead ? leg : { ...leg, remote, capabilities } } };
}

function isPlainLeg(leg: unknown): leg is Leg {
  if (!isObject(leg)) return false;
  for (const name in leg) if (!FIELDS.has(name)) return false;
  return (
    isWord(leg['lineKey']) &&
    isWord(leg['callKey']) &&
    WAYS.has(leg['direction']) &&
    STATES.has(leg['state']) &&
    isRemote(leg['remote']) &&
    isTextOrNone(leg['dialled']) &&
    isTime(leg['since']) &&
    (leg['connectedSince'] === undefined || isTime(leg['connectedSince'])) &&
    typeof leg['answerReported'] === 'boolean' &&
    Array.isArray(leg['capabilities'])
  );
}

// The schema puts them into the order of COMMANDS, and leaves out what it does not know.
function inOrder(given: readonly CommandName[]): readonly CommandName[] | undefined {
  let last = -1;
  let isOrdered = true;
  for (const name of given) {
    const place = PLACES.get(name);
    if (place === undefined) return undefined;
    if (place <= last) isOrdered = false;
    last = place;
  }
  return isOrdered ? given : COMMANDS.filter((name) => given.includes(name));
}

function isRemote(remote: unknown): boolean {
  if (!isObject(remote)) return false;
  for (const name in remote) if (name !== 'number' && name !== 'name') return false;
  return isTextOrNone(remote['number']) && isTextOrNone(remote['name']);
}

function isWord(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= LONGEST_WORD;
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value.length <= LONGEST_TEXT);
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && value >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
