// The driver over the fake Asterisk, as the contract wants it: extensions 10, 11, 12 and the group 90, phones that obey, a
// database for what is switched on.
import * as v from 'valibot';
import { openAsteriskDriver } from '../../../../relay/src/pbx/asterisk/driver.ts';
import { AsteriskOptionsSchema } from '../../../../relay/src/pbx/asterisk/options.ts';
import type { DriverContext } from '../../../../relay/src/pbx/driver.ts';
import {
  type AmiServer,
  type Answer,
  encode,
  type Packet,
  startAmiServer,
} from '../../../fakes/asterisk/ami-server.ts';
import { createExchange, type Exchange, GROUP } from '../../../fakes/asterisk/exchange.ts';
import { BEACON, createOffice, type Office } from '../../../fakes/asterisk/office.ts';
import { createSwitch } from '../../../fakes/asterisk/switch.ts';
import { createFakeClock } from '../../../fakes/clock.ts';
import {
  EXTENSIONS,
  type ReceivedOrder,
  type Subject,
  type SubjectFaults,
  type SubjectHands,
} from '../contract-subject.ts';

const PASSWORD = 'a-sample-of-a-password';
const ROUNDS = 200;
const ROUND_MS = 25;

interface Watched {
  isInTouch: boolean;
  beacons: number;
}

/** A fake Asterisk with a driver's options for it. */
export async function openFakeAsterisk(): Promise<Subject> {
  const clock = createFakeClock();
  const tell = (event: Packet) => server.tell(event);
  const office: Office = createOffice(EXTENSIONS, tell);
  const x = createSwitch(tell);
  const exchange = createExchange(office, { x, tell });
  const received: ReceivedOrder[] = [];
  const server: AmiServer = await startAmiServer({
    users: { sample: PASSWORD },
    answer(action) {
      const order = orderOf(action, (name) => [...x.chans].find((chan) => chan.name === name));
      if (order) received.push(order);
      return office.answer(action) ?? (exchange.act(action) satisfies Answer | undefined);
    },
  });
  const options = v.parse(AsteriskOptionsSchema, {
    port: server.port,
    username: 'sample',
    password: 'env:SAMPLE',
    dialContext: 'internal',
    features: 'freepbx',
    remoteControl: true,
    conferenceContext: 'rooms',
    groups: { [GROUP]: 'Sales' },
  });
  const watched = new Set<Watched>();
  let isSilent = false;

  return {
    clock,
    lineKeyOf: (extension) => extension,
    hands: handsOn(exchange, { office, tell }),
    secrets: [PASSWORD],
    open(context: DriverContext) {
      const mine: Watched = { isInTouch: false, beacons: 0 };
      watched.add(mine);
      context.signal.addEventListener('abort', () => watched.delete(mine), { once: true });
      const emit: DriverContext['emit'] = (event) => {
        context.emit(event);
        if (event.type === 'status') mine.isInTouch = event.status.type === 'connected';
        if (event.type === 'line' && event.line.lineKey === BEACON) mine.beacons += 1;
      };
      return openAsteriskDriver(options, { ...context, emit }, () => PASSWORD);
    },
    faults: faultsAt(server, {
      onSilence: () => {
        isSilent = true;
      },
    }),
    settled: () => settle(server, watched, () => isSilent),
    received: () => joined(received),
    close: () => server.close(),
  };
}

// A lamp that is told last is heard last: who is in touch has heard everything before. What they asked because of it is
// waited for in the same way.
async function settle(server: AmiServer, watched: ReadonlySet<Watched>, isSilent: () => boolean): Promise<void> {
  let isLit = false;
  for (let round = 0; round < ROUNDS && !isSilent(); round += 1) {
    const listening = [...watched].filter(({ isInTouch }) => isInTouch);
    const before = listening.map(({ beacons }) => beacons);
    const asked = server.actions.length;
    for (let turn = 0; turn < 4; turn += 1) {
      isLit = !isLit;
      server.tell({
        Event: 'DeviceStateChange',
        Device: `PJSIP/${BEACON}`,
        State: isLit ? 'UNAVAILABLE' : 'NOT_INUSE',
      });
    }
    const ends = performance.now() + ROUND_MS;
    const haveHeard = () => listening.every((one, index) => !one.isInTouch || one.beacons > (before[index] ?? 0));
    while (!haveHeard() && performance.now() < ends) await new Promise((resolve) => setImmediate(resolve));
    if (haveHeard() && server.actions.length === asked) return;
  }
}

function handsOn(
  exchange: Exchange,
  { office, tell }: { office: Office; tell: (event: Packet) => void },
): SubjectHands {
  const lamp = (Device: string, State: string) => tell({ Event: 'DeviceStateChange', Device, State });
  return {
    lift: (extension) => exchange.lift(extension),
    hangUp: async (extension) => exchange.hangUp(extension),
    decline: async (extension) => exchange.decline(extension),
    dial: async (extension, digits) => exchange.dial(extension, digits),
    hold: async (extension) => exchange.hold(extension),
    retrieve: async (extension) => exchange.retrieve(extension),
    callIn: async (call) => exchange.callIn(call),
    farRings: async (extension) => exchange.farRings(extension),
    farAnswers: async (extension) => exchange.farAnswers(extension),
    farHangsUp: async (extension, cause) => exchange.farHangsUp(extension, cause),
    ringsOut: async (extension) => exchange.ringsOut(extension),
    async setPhone(extension, state) {
      const told = state === 'loggedIn' ? 'NOT_INUSE' : 'UNAVAILABLE';
      office.devices.set(`PJSIP/${extension}`, told);
      lamp(`PJSIP/${extension}`, told);
    },
    async setDnd(extension, state) {
      if (state === 'on') office.database.set(`DND/${extension}`, 'YES');
      else office.database.delete(`DND/${extension}`);
      lamp(`Custom:DND${extension}`, state === 'on' ? 'BUSY' : 'NOT_INUSE');
    },
    async setForward(extension, to) {
      if (to === null) office.database.delete(`CF/${extension}`);
      else office.database.set(`CF/${extension}`, to);
      lamp(`Custom:CF${extension}`, to === null ? 'NOT_INUSE' : 'BUSY');
    },
    async setVoicemail(extension, newMessages) {
      office.mailboxes.set(extension, newMessages);
      const Waiting = newMessages > 0 ? '1' : '0';
      tell({ Event: 'MessageWaiting', Mailbox: `${extension}@default`, Waiting, New: String(newMessages), Old: '0' });
    },
  };
}

function faultsAt(server: AmiServer, { onSilence }: { onSilence(): void }): SubjectFaults {
  return {
    cut: async () => server.cut(),
    async garbage() {
      server.raw(Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0d, 0x0a, 0x0d, 0x0a]));
      server.raw('no colon at all\r\nnor here\r\n\r\n: nothing before it\r\n\r\n\r\n\r\n');
      server.raw(encode({ Event: 'SomethingNew', Channel: 'PJSIP/10-00000001', Uniqueid: '__proto__' }));
      for (const Event of ['constructor', '__proto__', 'toString']) server.raw(encode({ Event, Uniqueid: '1.1' }));
      server.raw(encode({ Event: 'Newchannel', Channel: 'PJSIP/10-ffffffff' }));
      server.raw(encode({ Event: 'Newstate', Uniqueid: '', ChannelStateDesc: 'Sideways', Channel: 'PJSIP/10-1' }));
      server.raw(encode({ Event: 'Hangup', Uniqueid: 'never-heard-of', Channel: 'PJSIP/10-2', Cause: 'no number' }));
      server.raw(encode({ Event: 'ExtensionStatus', Exten: '../10', Hint: '&&,,', Status: 'x' }));
      server.raw(encode({ Event: 'MessageWaiting', Mailbox: '10@default', New: 'many' }));
      server.raw(encode({ Response: 'Success', ActionID: 'nobody-asked' }));
    },
    pieces: async () => server.setPieces(3),
    async silence() {
      server.setSilent();
      onSilence();
    },
    refuseLogin: async () => server.refuseLogins(),
    async flood(changes) {
      const events = Array.from({ length: changes }, (_, index): Packet => {
        const Device = index % 2 === 0 ? 'PJSIP/11' : 'PJSIP/12';
        return { Event: 'DeviceStateChange', Device, State: index % 4 < 2 ? 'UNAVAILABLE' : 'NOT_INUSE' };
      });
      server.tellAll([
        ...events,
        ...['PJSIP/11', 'PJSIP/12'].map((Device) => ({ Event: 'DeviceStateChange', Device, State: 'NOT_INUSE' })),
      ]);
    },
  };
}

type Known = { app: string; state: string; id: string } | undefined;

// An order in the contract's words; undefined for what is none, as the second step of a call that an order began.
function orderOf(action: Packet, chanOf: (name: string | undefined) => Known): ReceivedOrder | undefined {
  const chan = chanOf(action['Channel']);
  switch (action['Action']) {
    case 'Originate': {
      if (action['Application'] === 'PickupChan') return { name: 'pickup' };
      const dialString = /CONNECTEDLINE\(num,i\)=([+0-9*#]+)/.exec(action['Variable'] ?? '')?.[1];
      return { name: 'makeCall', dialString };
    }
    case 'Redirect':
      if (action['Context'] === 'rooms') return { name: 'conference' };
      return chan?.app === 'AppDial2' ? undefined : { name: 'redirect', dialString: action['Exten'] };
    case 'BlindTransfer':
      return { name: 'redirect', dialString: action['Exten'] };
    case 'Bridge':
      return { name: 'transfer' };
    case 'Hangup':
      return { name: 'drop' };
    case 'PlayDTMF':
      return { name: 'sendDtmf' };
    case 'PJSIPNotify':
      if (action['Variable'] === 'Event=hold') return { name: 'hold' };
      return { name: chan?.state === 'Ringing' ? 'answer' : 'retrieve' };
    case 'DBPut':
    case 'DBDel':
      return { name: action['Family'] === 'DND' ? 'setDnd' : 'setForward' };
    default:
      return undefined;
  }
}

// One held and the other one taken back is a toggle.
function joined(orders: readonly ReceivedOrder[]): ReceivedOrder[] {
  return orders.flatMap((order, index) => {
    if (order.name === 'retrieve' && orders[index - 1]?.name === 'hold') return [];
    if (order.name === 'hold' && orders[index + 1]?.name === 'retrieve') return [{ name: 'toggle' as const }];
    return [order];
  });
}
