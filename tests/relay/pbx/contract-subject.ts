// What a driver's test file hands to the contract: the driver over a phone system, or a loopback fake of one, whose phones
// and outside world the contract plays. The contract knows nothing else of it.
import type { Cause, Location } from '@offhook/protocol';
import type { Driver, DriverContext, DriverOrder } from '../../../relay/src/pbx/driver.ts';
import type { FakeClock } from '../../fakes/clock.ts';

/** The extensions that a subject's phone system has, each with one phone that is logged in. No call runs. */
export const EXTENSIONS = ['10', '11', '12'] as const;
export type Extension = (typeof EXTENSIONS)[number];
/** The ring group of all three, where the phone system has such groups. */
export const GROUP = '90';

/**
 * Hands on the phones and in the outside world. Each resolves when the phone system has done it; the driver may hear of it
 * later. A hand for which there is nothing to do does nothing: a phone that does not ring cannot be lifted. A hand that the
 * declaration needs and the subject lacks fails the test that needs it. Numbers are digits as `writes` makes them.
 */
export interface SubjectHands {
  /** Somebody lifts the phone that rings: for an order's own call, or for a call that is offered. */
  lift(extension: Extension): Promise<unknown>;
  hangUp(extension: Extension): Promise<unknown>;
  /** Declines what rings, at the phone. */
  decline(extension: Extension): Promise<unknown>;
  dial(extension: Extension, digits: string): Promise<unknown>;
  hold(extension: Extension): Promise<unknown>;
  retrieve(extension: Extension): Promise<unknown>;
  /** Somebody outside calls an extension or the group; without `from` the number is withheld. */
  callIn(call: { to: string; from?: string; name?: string }): Promise<unknown>;
  /** The far end of this phone's outgoing call begins to ring; nothing to do where that comes by itself. */
  farRings(extension: Extension): Promise<unknown>;
  farAnswers(extension: Extension): Promise<unknown>;
  /** The party outside hangs up or gives up; for an outgoing call, `busy` and `rejected` say that it cannot be had. */
  farHangsUp(extension: Extension, cause?: Extract<Cause, 'normal' | 'busy' | 'rejected'>): Promise<unknown>;
  /** Nobody lifts the own phone of an order, until the phone system gives up. */
  ringsOut(extension: Extension): Promise<unknown>;
  setPhone(extension: Extension, state: 'loggedIn' | 'loggedOut'): Promise<unknown>;
  setDnd(extension: Extension, state: 'on' | 'off'): Promise<unknown>;
  setForward(extension: Extension, to: string | null): Promise<unknown>;
  setVoicemail(extension: Extension, newMessages: number): Promise<unknown>;
}

/** What goes wrong between the phone system and the driver, each until the subject is closed unless said otherwise. */
export interface SubjectFaults {
  /** All connections break now; new ones are taken. */
  cut(): Promise<unknown>;
  /** Rubbish comes once: bytes that are no message, messages of unknown type, known ones with wrong contents, and more. */
  garbage(): Promise<unknown>;
  /** Whatever comes comes in small pieces that cut messages and characters in two. */
  pieces(): Promise<unknown>;
  /** Connections stay, nothing comes any more. */
  silence(): Promise<unknown>;
  /** Connections break; logging in is refused from now on. */
  refuseLogin(): Promise<unknown>;
  /** So many changes as fast as they go, of lines 11 and 12, after which all is as it was. */
  flood(changes: number): Promise<unknown>;
}

/** An order as it reached the phone system. */
export interface ReceivedOrder {
  name: DriverOrder['order']['name'];
  dialString?: string | undefined;
}

/** One phone system under test. */
export interface Subject {
  /** Opens the driver over it. May be called again while the first one is open: a second relay, or a later one. */
  open(context: DriverContext): Driver;
  /** The relay's clock, which the contract moves. */
  clock: FakeClock;
  lineKeyOf(extension: Extension): string;
  /** Where the phone system stands and how it is dialled; default: Berlin, `03023125042`. */
  location?: Location;
  /** A public number as the phone system itself writes it; default: `+493023125042` → `03023125042`. */
  writes?(e164: string): string;
  hands: Partial<SubjectHands>;
  /** Left out where there is no wire between driver and phone system. */
  faults?: SubjectFaults;
  /** What logs may never show: passwords and tokens. */
  secrets: readonly string[];
  /** Resolves when all that the phone system has done so far has been told by every open driver that is in touch. */
  settled(): Promise<unknown>;
  /** The orders that reached the phone system, in its own words, oldest first; `dialString` as it got there. */
  received(): readonly ReceivedOrder[] | Promise<readonly ReceivedOrder[]>;
  close(): Promise<unknown>;
}
