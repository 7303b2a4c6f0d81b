// The channels of a fake Asterisk and what its manager interface tells of them, in the order that the recordings of a real one
// show. It carries out what it is told and asks nothing: who may do what, and what phones do, is the exchange's business.
import type { Packet } from './ami-server.ts';

/** A channel of the fake. */
export interface Chan {
  id: string;
  name: string;
  /** `'PJSIP/10'` */
  device: string;
  state: 'Down' | 'Ring' | 'Ringing' | 'Up';
  linked: string;
  number: string;
  who: string;
  otherNumber: string;
  otherWho: string;
  exten: string;
  app: string;
  dials: Set<Chan>;
  dialler: Chan | undefined;
  bridge: Set<Chan> | undefined;
  bridgeId: string;
  isOver: boolean;
}

export interface Switch {
  chans: Set<Chan>;
  create(part: Pick<Chan, 'device' | 'state'> & Partial<Chan>): Chan;
  /** `by` dials `whom`, which does not ring yet; without `by` an order does. */
  dial(by: Chan | undefined, whom: Chan): void;
  ring(chan: Chan): void;
  /** It is lifted. What dialled it is connected with it, and every other dial of that is cancelled. */
  answer(chan: Chan): void;
  /** The dial ends unanswered. */
  fail(chan: Chan, status: string, cause: string): void;
  /** Takes a channel out of all dials and bridges, and away. */
  hangUp(chan: Chan, cause: string): void;
  bridge(chans: readonly Chan[]): void;
  leave(chan: Chan): void;
  event(name: string, chan: Chan, extra?: Packet): void;
  /** The items of CoreShowChannels. */
  list(): Packet[];
}

/** No channels yet; `tell` hears of everything. */
export function createSwitch(tell: (event: Packet) => void): Switch {
  const chans = new Set<Chan>();
  let last = 0;
  const event: Switch['event'] = (name, chan, extra = {}) => tell({ Event: name, ...fieldsOf(chan), ...extra });

  function dialled(name: string, by: Chan | undefined, whom: Chan, DialStatus?: string): void {
    const dest = Object.fromEntries(Object.entries(fieldsOf(whom)).map(([key, value]) => [`Dest${key}`, value]));
    tell({ Event: name, ...(by && fieldsOf(by)), ...dest, ...(DialStatus && { DialStatus }) });
  }

  function goTo(chan: Chan, state: Chan['state']): void {
    if (chan.state === state) return;
    chan.state = state;
    event('Newstate', chan);
    tell({ Event: 'DeviceStateChange', Device: chan.device, State: state === 'Ringing' ? 'RINGING' : 'INUSE' });
  }

  function leave(chan: Chan): void {
    const { bridge } = chan;
    if (!bridge) return;
    bridge.delete(chan);
    chan.bridge = undefined;
    event('BridgeLeave', chan, { BridgeUniqueid: chan.bridgeId, BridgeNumChannels: String(bridge.size) });
  }

  function undial(chan: Chan, status: string): void {
    const by = chan.dialler;
    chan.dialler = undefined;
    by?.dials.delete(chan);
    if (by) dialled('DialEnd', by, chan, status);
  }

  function hangUp(chan: Chan, cause: string): void {
    if (chan.isOver) return;
    chan.isOver = true;
    undial(chan, 'CANCEL');
    for (const one of [...chan.dials]) hangUp(one, one.state === 'Ringing' ? '127' : cause);
    leave(chan);
    chans.delete(chan);
    event('Hangup', chan, { Cause: cause, 'Cause-txt': 'sample' });
    tell({ Event: 'DeviceStateChange', Device: chan.device, State: 'NOT_INUSE' });
  }

  function bridge(members: readonly Chan[]): void {
    last += 1;
    const bridgeId = `bridge-${last}`;
    const linked = members.map((one) => one.linked).sort()[0] ?? '';
    const set = new Set<Chan>();
    for (const chan of members) {
      leave(chan);
      set.add(chan);
      Object.assign(chan, { bridge: set, bridgeId });
      event('BridgeEnter', chan, { BridgeUniqueid: bridgeId, BridgeNumChannels: String(set.size) });
    }
    // As in a real one, who came together is told by events that follow.
    for (const chan of members) chan.linked = linked;
  }

  return {
    chans,
    event,
    hangUp,
    bridge,
    leave,
    create(part) {
      last += 1;
      const id = part.id ?? `1700000000.${last}`;
      const blank = { number: '', who: '', otherNumber: '', otherWho: '', exten: 's', app: '' };
      const ties = { dials: new Set<Chan>(), dialler: undefined, bridge: undefined, bridgeId: '', isOver: false };
      const name = `${part.device}-${last.toString(16).padStart(8, '0')}`;
      const chan: Chan = { ...blank, ...ties, linked: id, name, ...part, id };
      chans.add(chan);
      event('Newchannel', chan);
      return chan;
    },
    dial(by, whom) {
      by?.dials.add(whom);
      whom.dialler = by;
      dialled('DialBegin', by, whom);
    },
    ring(chan) {
      goTo(chan, 'Ringing');
      dialled('DialState', chan.dialler, chan, 'RINGING');
    },
    answer(chan) {
      const by = chan.dialler;
      goTo(chan, 'Up');
      chan.dialler = undefined;
      by?.dials.delete(chan);
      dialled('DialEnd', by, chan, 'ANSWER');
      if (!by) return;
      goTo(by, 'Up');
      for (const other of [...by.dials]) hangUp(other, '26');
      bridge([chan, by]);
    },
    fail(chan, status, cause) {
      undial(chan, status);
      hangUp(chan, cause);
    },
    list: () =>
      [...chans].map((chan) => ({
        Event: 'CoreShowChannel',
        ...fieldsOf(chan),
        Application: chan.app,
        Duration: '00:00:05',
        BridgeId: chan.bridge ? chan.bridgeId : '',
      })),
  };
}

function fieldsOf(chan: Chan): Packet {
  return {
    Channel: chan.name,
    ChannelStateDesc: chan.state,
    CallerIDNum: chan.number || '<unknown>',
    CallerIDName: chan.who || '<unknown>',
    ConnectedLineNum: chan.otherNumber || '<unknown>',
    ConnectedLineName: chan.otherWho || '<unknown>',
    Context: 'internal',
    Exten: chan.exten,
    Uniqueid: chan.id,
    Linkedid: chan.linked,
  };
}
