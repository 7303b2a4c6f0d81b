// The stage of one contract test: a subject, a company around its driver, and the situations that tests begin with. A
// situation is played by the phone's or the outside world's hands, or by orders, as the declaration allows.
import type { CallState, CommandName, Location, PhoneNumber } from '@offhook/protocol';
import { dialStringOf } from '@offhook/protocol/dial-plan';
import { locationOf } from '@offhook/protocol/location-settings';
import type { PbxDeclaration, PbxEvent } from '../../../relay/src/pbx/declaration.ts';
import type { DriverEvent, DriverOrder, Leg } from '../../../relay/src/pbx/driver.ts';
import { type Company, openCompany } from './company.ts';
import type { Extension, Subject, SubjectFaults, SubjectHands } from './contract-subject.ts';

/** The caller outside, and whoever is called there. */
export const CALLER: PhoneNumber & { kind: 'e164' } = { kind: 'e164', number: '+493023125042' };
export const CALLEE: PhoneNumber & { kind: 'e164' } = { kind: 'e164', number: '+493023125077' };
export const OWN: Extension = '10';
export const COLLEAGUE: Extension = '12';
export const COLLEAGUES_NUMBER: PhoneNumber = { kind: 'internal', number: COLLEAGUE };
const BERLIN = locationOf({ country: 'DE', areaCode: '30' });

export interface Stage {
  subject: Subject;
  company: Company;
  declaration: PbxDeclaration;
  location: Location;
  /** The key of the agent's own line. */
  own: string;
  tells(event: PbxEvent): boolean;
  can(command: CommandName): boolean;
  /** A hand or a fault; a test that needs one that the subject lacks fails by its name. */
  hands: SubjectHands;
  faults: SubjectFaults;
  /** An order for the own line, or for a call on it. */
  order(order: DriverOrder['order'], extra?: Partial<DriverOrder>): ReturnType<Company['order']>;
  makeCall(number?: PhoneNumber, extra?: Partial<DriverOrder>): ReturnType<Company['order']>;
  /** What is dialled for a number, by order or at the phone. */
  dialString(number: PhoneNumber): string;
  /** A public number as the phone system writes it. */
  writes(number: PhoneNumber & { kind: 'e164' }): string;
  close(): Promise<void>;
}

/** Opens a subject with its company, in touch. */
export async function openStage(declaration: PbxDeclaration, openSubject: () => Promise<Subject>): Promise<Stage> {
  const subject = await openSubject();
  const { clock, location = BERLIN } = subject;
  const company = await openCompany((context) => subject.open(context), { clock, location });
  await company.untilStatus('connected');
  await subject.settled();
  const own = subject.lineKeyOf(OWN);
  const dialString: Stage['dialString'] = (number) => {
    const digits = dialStringOf(number, location);
    if (digits === undefined) throw new Error(`nothing is dialled for ${JSON.stringify(number)}`);
    return digits;
  };
  const order: Stage['order'] = (asked, extra = {}) => company.order({ lineKey: own, order: asked, ...extra });
  return {
    subject,
    company,
    declaration,
    location,
    own,
    tells: (event) => declaration.events[event].is !== 'no',
    can: (command) => declaration.commands[command].is !== 'no',
    hands: named('hand', subject.hands),
    faults: named('fault', subject.faults ?? {}),
    order,
    makeCall: (number = CALLEE, extra = {}) =>
      order({ name: 'makeCall', args: { number } }, { dialString: dialString(number), ...extra }),
    dialString,
    writes: ({ number }) => subject.writes?.(number) ?? number.replace(/^\+49/, '0'),
    async close() {
      await company.close();
      await subject.close();
    },
  };
}

function named<Parts extends object>(kind: string, parts: Partial<Parts>): Parts {
  return new Proxy(parts, {
    get(target, name) {
      const part: unknown = Reflect.get(target, name);
      if (part === undefined) throw new Error(`the subject has no ${kind} "${String(name)}", and this test needs it`);
      return part;
    },
  }) as Parts; // what is missing throws, so that whoever gets a part has it
}

/** The own call that an order started, with the own phone lifted where it had to be. */
export async function orderedCall(stage: Stage, number: PhoneNumber = CALLEE): Promise<Leg> {
  const { company, own } = stage;
  const mark = company.events.length;
  await stage.makeCall(number);
  const leg = await company.untilLeg({ lineKey: own }, mark);
  const isPast = (states: readonly CallState[]) => (event: DriverEvent) => {
    const isIt = event.type === 'leg' && event.leg.callKey === leg.callKey && event.leg.lineKey === own;
    return isIt && !states.includes(event.leg.state) ? event.leg : undefined;
  };
  // Of an order that nobody tells about, no more is ever known than that it was taken.
  if (!stage.tells('callSeen') && !stage.tells('connected')) return leg;
  // A phone that is in the hand already, as for a consultation, does not ring first.
  const rung = await company.until('the own phone ringing, or the far end called', isPast(['initiated']), mark);
  if (rung.state === 'prompting') await stage.hands.lift(OWN);
  return company.until('the far end being called', isPast(['initiated', 'prompting']), mark);
}

/** The far end of the own line's outgoing call rings. */
export async function farEndRings(stage: Stage, leg: Leg): Promise<Leg> {
  await optional(stage, 'ringback').farRings?.(OWN);
  if (stage.tells('ringback')) return stage.company.untilLeg({ ...keysOf(leg), state: 'ringback' });
  await stage.subject.settled();
  return stage.company.latest(leg);
}

/** The far end of the own line's outgoing call has answered. */
export async function farEndAnswers(stage: Stage, leg: Leg): Promise<Leg> {
  await optional(stage, 'connected').farAnswers?.(OWN);
  if (stage.tells('connected')) return stage.company.untilLeg({ ...keysOf(leg), state: 'connected' });
  await stage.subject.settled();
  return stage.company.latest(leg);
}

// The hands that an event needs; where the event is never told, those that are there.
function optional(stage: Stage, event: PbxEvent): Partial<SubjectHands> {
  return stage.tells(event) ? stage.hands : stage.subject.hands;
}

/** A call that was dialled at the own phone. */
export async function dialledCall(stage: Stage): Promise<Leg> {
  const mark = stage.company.events.length;
  await stage.hands.dial(OWN, stage.dialString(CALLEE));
  const isIt = (event: DriverEvent) => {
    const isOwn = event.type === 'leg' && event.leg.lineKey === stage.own;
    return isOwn && event.leg.state !== 'initiated' ? event.leg : undefined;
  };
  return stage.company.until('the call that was dialled at the phone', isIt, mark);
}

/** Somebody outside calls the own line, which rings. */
export async function offeredCall(stage: Stage, extension: Extension = OWN): Promise<Leg> {
  const lineKey = stage.subject.lineKeyOf(extension);
  const mark = stage.company.events.length;
  await stage.hands.callIn({ from: stage.writes(CALLER), name: 'Sample Caller', to: extension });
  return stage.company.untilLeg({ lineKey, state: 'offering' }, mark);
}

/** The own phone talks with somebody who called from outside. */
export async function answeredCall(stage: Stage): Promise<Leg> {
  const leg = await offeredCall(stage);
  await stage.hands.lift(OWN);
  return stage.company.untilLeg({ ...keysOf(leg), state: 'connected' });
}

/** A caller on hold at the own line: by order where the call offers it, else at the phone. */
export async function heldCall(stage: Stage): Promise<Leg> {
  const leg = await answeredCall(stage);
  const mark = stage.company.events.length;
  if (leg.capabilities.includes('hold')) await stage.order({ name: 'hold', args: {} }, { callKey: leg.callKey });
  else await stage.hands.hold(OWN);
  return stage.company.untilLeg({ ...keysOf(leg), state: 'held' }, mark);
}

/** A caller on hold at the own line, which talks with the colleague. */
export async function consultation(stage: Stage): Promise<{ first: Leg; second: Leg }> {
  const first = await heldCall(stage);
  const second = stage.can('makeCall')
    ? await orderedCall(stage, COLLEAGUES_NUMBER)
    : await dialledColleague(stage, first);
  await stage.company.untilLeg({ lineKey: stage.subject.lineKeyOf(COLLEAGUE), state: 'offering' });
  await stage.hands.lift(COLLEAGUE);
  await stage.company.untilLeg({ ...keysOf(second), state: 'connected' });
  await stage.subject.settled();
  return { first: stage.company.latest(first), second: stage.company.latest(second) };
}

async function dialledColleague(stage: Stage, first: Leg): Promise<Leg> {
  await stage.hands.dial(OWN, COLLEAGUE);
  return stage.company.until('the call to the colleague', (event) => {
    const isIt = event.type === 'leg' && event.leg.lineKey === stage.own && event.leg.callKey !== first.callKey;
    return isIt ? event.leg : undefined;
  });
}

/** What names a call at a line. */
export function keysOf({ lineKey, callKey }: Leg): { lineKey: string; callKey: string } {
  return { lineKey, callKey };
}
