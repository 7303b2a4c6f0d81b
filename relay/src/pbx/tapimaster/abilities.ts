// Which commands can be given for a call when the interface names no call: only those that can mean this one alone. Pure.
// TAPIMaster's own rule where it has one: Redirect takes the first incoming call, else the first connected one.
import type { CommandName } from '@offhook/protocol';
import type { Leg } from '../driver.ts';

/** What can be done with one of the calls of a line, given all that are not over. */
export function commandsFor(leg: Leg, legs: readonly Leg[]): CommandName[] {
  const offering = legs.filter(({ state }) => state === 'offering').sort(byAge);
  const held = legs.filter(({ state }) => state === 'held');
  const active = legs.filter(({ state }) => state !== 'offering' && state !== 'held');
  const connected = active.filter(({ state }) => state === 'connected').sort(byAge);
  const is = (one: Leg | undefined) => one?.callKey === leg.callKey;
  const isOnlyActive = active.length === 1 && is(active[0]);
  const isPair = legs.length === 2 && active.length === 1 && held.length === 1;
  const canBeJoined = ['connected', 'ringback'].includes(active[0]?.state ?? '');
  return [
    ...(offering.length === 1 && is(offering[0]) ? (['answer'] as const) : []),
    ...(legs.length === 1 || (isOnlyActive && offering.length === 0) ? (['drop'] as const) : []),
    ...(is(offering[0] ?? connected[0]) ? (['redirect'] as const) : []),
    ...(isPair && canBeJoined ? (['toggle', 'transfer', 'conference'] as const) : []),
  ];
}

function byAge(a: Leg, b: Leg): number {
  return a.since - b.since || (a.callKey < b.callKey ? -1 : 1);
}
