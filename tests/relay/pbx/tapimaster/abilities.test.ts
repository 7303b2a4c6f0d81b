import { expect, it } from 'vitest';
import type { Leg } from '../../../../relay/src/pbx/driver.ts';
import { commandsFor } from '../../../../relay/src/pbx/tapimaster/abilities.ts';

const leg = (callKey: string, state: Leg['state'], since = 0): Leg => ({
  ...{ lineKey: '100', callKey, state, since, direction: 'inbound', remote: { number: undefined } },
  ...{ answerReported: true, capabilities: [] },
});

it.each([
  ['one that rings', [leg('a', 'offering')], { a: ['answer', 'drop', 'redirect'] }],
  ['one that talks', [leg('a', 'connected')], { a: ['drop', 'redirect'] }],
  ['one on hold', [leg('a', 'held')], { a: ['drop'] }],
  ['one that is being called', [leg('a', 'dialing')], { a: ['drop'] }],
  [
    'one that talks while another one rings: what is dropped then, nobody knows',
    [leg('a', 'connected'), leg('b', 'offering')],
    { a: [], b: ['answer', 'redirect'] },
  ],
  [
    'two that ring: Answer could mean either, Redirect means the first',
    [leg('b', 'offering', 2), leg('a', 'offering', 1)],
    { a: ['redirect'], b: [] },
  ],
  [
    'one that talks and one on hold',
    [leg('a', 'connected'), leg('b', 'held')],
    { a: ['drop', 'redirect', 'toggle', 'transfer', 'conference'], b: ['toggle', 'transfer', 'conference'] },
  ],
  [
    'one that is rung for a consultation',
    [leg('a', 'ringback'), leg('b', 'held')],
    { a: ['drop', 'toggle', 'transfer', 'conference'], b: ['toggle', 'transfer', 'conference'] },
  ],
  ['three', [leg('a', 'connected'), leg('b', 'held'), leg('c', 'held')], { a: ['drop', 'redirect'], b: [], c: [] }],
])('offers only what can mean one call alone: %s', (_, legs, expected) => {
  expect(Object.fromEntries(legs.map((one) => [one.callKey, commandsFor(one, legs)]))).toEqual(expected);
});
