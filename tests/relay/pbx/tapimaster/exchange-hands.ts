// What a TAPIMaster does with a command, over the simulator's exchange: finds the call by the line, as its manual says, since
// a command names none. It has its own words for what it did, as the contract reads them.
import type { CommandName } from '@offhook/protocol';
import type { Exchange } from '../../../../relay/src/pbx/simulator/exchange.ts';
import type { ReceivedOrder } from '../contract-subject.ts';

/** Carries a line out, and answers which order it was. */
export function carryOutLine(exchange: Exchange, line: string, commandKey: string): ReceivedOrder {
  const [verb = '', lineKey = '', target] = line.split(' ');
  const legs = exchange.snapshot().legs.filter((leg) => leg.lineKey === lineKey);
  const keyOf = (...states: string[]) => legs.find(({ state }) => states.includes(state))?.callKey;
  const active = keyOf('connected', 'ringback', 'dialing', 'prompting', 'initiated', 'failed');
  const name = nameOf(verb, target);
  const order = { commandKey, lineKey, name };
  switch (name) {
    case 'makeCall':
    case 'redirect':
      exchange.order({ ...order, dialString: target, callKey: keyOf('offering') ?? keyOf('connected') });
      return { name, dialString: target };
    case 'pickup':
      exchange.order({ ...order, otherLineKey: target });
      return { name };
    case 'setDnd':
      exchange.order({ ...order, on: true });
      return { name };
    case 'setForward':
      exchange.order({ ...order, when: 'all', dialString: target });
      // One word takes both back.
      if (target === undefined) exchange.order({ ...order, name: 'setDnd', on: false });
      return { name, dialString: target };
    default:
      exchange.order({ ...order, callKey: active ?? keyOf('offering', 'held'), otherCallKey: keyOf('held') });
      return { name };
  }
}

function nameOf(verb: string, target: string | undefined): CommandName {
  const names: Record<string, CommandName> = {
    MakeCall: 'makeCall',
    Answer: 'answer',
    Drop: 'drop',
    Redirect: 'redirect',
    Toggle: 'toggle',
    Transfer: 'transfer',
    Conference: 'conference',
    Pickup: 'pickup',
    Forward: target === '*' ? 'setDnd' : 'setForward',
  };
  const name = names[verb];
  if (!name) throw new Error(`TAPIMaster has no command ${verb}`);
  return name;
}
