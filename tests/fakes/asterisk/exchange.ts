// A fake Asterisk at work: phones, a trunk, a ring group, and what the manager's actions do to calls. Written from the
// documented actions and from recordings of a real one.
import type { Answer, Packet } from './ami-server.ts';
import type { Office } from './office.ts';
import type { Chan, Switch } from './switch.ts';

/** The number of the ring group of all phones. */
export const GROUP = '90';
const TRUNK = 'PJSIP/trunk';

export interface Exchange {
  lift(extension: string): Promise<void>;
  hangUp(extension: string): void;
  decline(extension: string): void;
  dial(extension: string, digits: string): void;
  hold(extension: string): void;
  retrieve(extension: string): void;
  callIn(call: { to: string; from?: string; name?: string }): void;
  farRings(extension: string): void;
  farAnswers(extension: string): void;
  farHangsUp(extension: string, cause?: 'normal' | 'busy' | 'rejected'): void;
  ringsOut(extension: string): void;
  /** What an action does; undefined for one that is not about calls. */
  act(action: Packet): Answer | undefined;
}

const OK: Answer = { response: {} };
const NO: Answer = { response: { Response: 'Error', Message: 'No such channel' } };

/** The phones of an office over a switch. */
export function createExchange(office: Office, { x, tell }: { x: Switch; tell: (event: Packet) => void }): Exchange {
  /** Ringing own phones of orders, by channel: the order's ActionID and what waits for its end. */
  const ordered = new Map<Chan, { actionId: string; app: string; data: string }>();
  const underWay = new Map<Chan, () => void>();

  const at = (extension: string) => [...x.chans].filter(({ device }) => device === `PJSIP/${extension}`);
  const isFar = ({ device }: Chan) => device === TRUNK;
  const byName = (name: string | undefined) => [...x.chans].find((chan) => chan.name === name);
  const ringingAt = (extension: string) => at(extension).find(({ state }) => state === 'Ringing');

  // Where one hangs up, the others of a call of two have nobody left; in a room they go on.
  function end(chan: Chan, cause = '16'): void {
    const others = chan.bridge?.size === 2 ? [...chan.bridge].filter((one) => one !== chan) : [];
    const by = chan.dialler;
    x.hangUp(chan, cause);
    for (const other of others) x.hangUp(other, '16');
    if (by && by.dials.size === 0 && !by.bridge) end(by, cause);
    underWay.get(chan)?.();
  }

  function route(chan: Chan, digits: string): void {
    chan.exten = digits;
    chan.app = 'Dial';
    const phones = digits === GROUP ? office.extensions : office.extensions.filter((one) => one === digits);
    for (const phone of phones) ringPhone(chan, phone);
    if (phones.length === 0) {
      const far = x.create({ device: TRUNK, state: 'Down', linked: chan.linked, number: digits, app: 'AppDial' });
      x.dial(chan, far);
    }
    if (phones.length > 0 && chan.dials.size === 0) end(chan, '20');
  }

  function ringPhone(by: Chan, extension: string): void {
    if (office.devices.get(`PJSIP/${extension}`) === 'UNAVAILABLE') return;
    const chan = x.create({
      device: `PJSIP/${extension}`,
      state: 'Down',
      linked: by.linked,
      number: extension,
      who: `Line ${extension}`,
      otherNumber: by.number,
      otherWho: by.who,
      app: 'AppDial',
    });
    x.dial(by, chan);
    x.ring(chan);
  }

  function originateFails(chan: Chan, reason: string, cause: string): void {
    const order = ordered.get(chan);
    ordered.delete(chan);
    const response = { Event: 'OriginateResponse', ActionID: order?.actionId ?? '', Response: 'Failure' };
    tell({ ...response, Channel: chan.device, Reason: reason, Uniqueid: '<unknown>' });
    end(chan, cause);
  }

  async function liftOrdered(chan: Chan): Promise<void> {
    const order = ordered.get(chan);
    ordered.delete(chan);
    x.answer(chan);
    const response = { Event: 'OriginateResponse', ActionID: order?.actionId ?? '', Response: 'Success' };
    const { promise, resolve } = Promise.withResolvers<void>();
    underWay.set(chan, resolve);
    tell({ ...response, Channel: chan.name, Reason: '4', Uniqueid: chan.id });
    const target = order?.app === 'PickupChan' ? byName(order.data) : undefined;
    if (target) takeOver(chan, target);
    else if (order?.app === 'PickupChan') end(chan);
    if (order?.app === 'Wait') await promise;
    underWay.delete(chan);
  }

  function takeOver(chan: Chan, target: Chan): void {
    const by = target.dialler;
    if (!by) return end(chan);
    x.event('Pickup', chan, { TargetChannel: target.name, TargetUniqueid: target.id, TargetLinkedid: target.linked });
    x.dial(by, chan);
    x.answer(chan);
  }

  function originate(action: Packet): Answer {
    const device = action['Channel'] ?? '';
    const shown = /CONNECTEDLINE\(num,i\)=([+0-9*#]+)/.exec(action['Variable'] ?? '')?.[1] ?? '';
    const extension = device.replace('PJSIP/', '');
    if (office.devices.get(device) !== 'NOT_INUSE' && !at(extension).length) {
      const response = { Event: 'OriginateResponse', ActionID: action['ActionID'] ?? '', Response: 'Failure' };
      setImmediate(() => tell({ ...response, Channel: device, Reason: '0', Uniqueid: '<unknown>' }));
      return OK;
    }
    setImmediate(() => {
      const chan = x.create({
        device,
        state: 'Down',
        id: action['ChannelId'] ?? '',
        number: extension,
        otherNumber: shown,
        app: 'AppDial2',
      });
      const order = {
        actionId: action['ActionID'] ?? '',
        app: action['Application'] ?? '',
        data: action['Data'] ?? '',
      };
      ordered.set(chan, order);
      x.dial(undefined, chan);
      x.ring(chan);
    });
    return OK;
  }

  function redirect(action: Packet): Answer {
    const chans = [byName(action['Channel']), byName(action['ExtraChannel'])].flatMap((one) => one ?? []);
    const [first] = chans;
    if (!first) return NO;
    if (action['Context'] === 'rooms') {
      const room = [...x.chans].find(({ app }) => app === 'ConfBridge')?.bridge ?? new Set<Chan>();
      for (const chan of chans) leaveFor(chan, chans);
      x.bridge([...room, ...chans]);
      for (const chan of chans) chan.app = 'ConfBridge';
      return OK;
    }
    for (const chan of chans) leaveFor(chan, chans);
    for (const one of [...first.dials]) x.fail(one, 'CANCEL', '16');
    route(first, action['Exten'] ?? '');
    underWay.get(first)?.();
    return OK;
  }

  // Who was talking with it and does not come along has nobody left.
  function leaveFor(chan: Chan, together: readonly Chan[]): void {
    const others = [...(chan.bridge ?? [])].filter((one) => !together.includes(one));
    x.leave(chan);
    for (const other of others) x.hangUp(other, '16');
  }

  function blindTransfer(action: Packet): Answer {
    const chan = byName(action['Channel']);
    const [peer] = [...(chan?.bridge ?? [])].filter((one) => one !== chan);
    if (!chan || !peer) return NO;
    const ids = { TransfererUniqueid: chan.id, TransfereeUniqueid: peer.id, Result: 'Success' };
    tell({ Event: 'BlindTransfer', TransfererChannel: chan.name, TransfereeChannel: peer.name, ...ids });
    x.leave(peer);
    x.hangUp(chan, '16');
    route(peer, action['Exten'] ?? '');
    return OK;
  }

  function bridgeBoth(action: Packet): Answer {
    const [one, two] = [byName(action['Channel1']), byName(action['Channel2'])];
    if (!one || !two) return NO;
    const left = [...(one.bridge ?? []), ...(two.bridge ?? [])].filter((chan) => chan !== one && chan !== two);
    Object.assign(one, { otherNumber: two.number, otherWho: two.who });
    Object.assign(two, { otherNumber: one.number, otherWho: one.who });
    x.bridge([one, two]);
    for (const chan of left) x.hangUp(chan, '16');
    return OK;
  }

  function notify(action: Packet): Answer {
    const chan = byName(action['Channel']);
    if (!chan) return NO;
    if (action['Variable'] === 'Event=hold') x.event('Hold', chan);
    else if (chan.state === 'Ringing') x.answer(chan);
    else x.event('Unhold', chan);
    return OK;
  }

  return {
    async lift(extension) {
      const chan = ringingAt(extension);
      if (chan && ordered.has(chan)) await liftOrdered(chan);
      else if (chan) x.answer(chan);
    },
    hangUp(extension) {
      const chan = at(extension).find(({ state }) => state === 'Up' || state === 'Ring');
      if (chan) end(chan);
    },
    decline(extension) {
      const chan = ringingAt(extension);
      if (!chan) return;
      if (ordered.has(chan)) return originateFails(chan, '0', '17');
      const by = chan.dialler;
      x.fail(chan, 'BUSY', '17');
      if (by && by.dials.size === 0) end(by, '17');
    },
    dial(extension, digits) {
      if (at(extension).some(({ state }) => state !== 'Up')) return;
      const part = { number: extension, who: `Line ${extension}`, exten: digits };
      route(x.create({ device: `PJSIP/${extension}`, state: 'Ring', ...part }), digits);
    },
    hold(extension) {
      const chan = at(extension).find(({ bridge }) => bridge);
      if (chan) x.event('Hold', chan);
    },
    retrieve(extension) {
      const chan = at(extension).find(({ bridge }) => bridge);
      if (chan) x.event('Unhold', chan);
    },
    callIn({ to, from = '', name = '' }) {
      const far = x.create({ device: TRUNK, state: 'Ring', number: from, who: name, exten: to });
      route(far, to);
    },
    farRings(extension) {
      for (const chan of at(extension)) for (const far of chan.dials) if (isFar(far)) x.ring(far);
    },
    farAnswers(extension) {
      const far = at(extension).flatMap((chan) => [...chan.dials].filter(isFar))[0];
      if (far) x.answer(far);
    },
    farHangsUp(extension, cause = 'normal') {
      for (const chan of at(extension)) {
        const dialled = [...chan.dials].find(isFar);
        if (dialled && cause !== 'normal') return x.fail(dialled, 'BUSY', cause === 'busy' ? '17' : '21');
        const far =
          dialled ??
          [...(chan.bridge ?? [])].find(isFar) ??
          (chan.dialler && isFar(chan.dialler) ? chan.dialler : undefined);
        if (far) return end(far);
      }
    },
    ringsOut(extension) {
      const chan = ringingAt(extension);
      if (chan && ordered.has(chan)) originateFails(chan, '3', '0');
    },
    act(action) {
      switch (action['Action']) {
        case 'CoreShowChannels':
          return { response: {}, list: { items: x.list(), complete: 'CoreShowChannelsComplete' } };
        case 'Status':
          return { response: {}, list: { items: [], complete: 'StatusComplete' } };
        case 'Originate':
          return originate(action);
        case 'Redirect':
          return redirect(action);
        case 'BlindTransfer':
          return blindTransfer(action);
        case 'Bridge':
          return bridgeBoth(action);
        case 'PJSIPNotify':
          return notify(action);
        case 'PlayDTMF':
          return byName(action['Channel']) ? OK : NO;
        case 'Hangup': {
          const chan = byName(action['Channel']);
          if (!chan) return NO;
          if (ordered.has(chan)) originateFails(chan, '0', '16');
          else end(chan);
          return OK;
        }
        default:
          return undefined;
      }
    },
  };
}
