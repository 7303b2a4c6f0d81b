// What a driver says about itself, as data: which commands and events its phone system has, what it leaves out, how a device
// is chosen. The contract (tests/relay/pbx/contract.ts) checks every word of it, docs/phone-systems.md is made from it.
// It describes kinds of phone systems, never one installation: what works at this moment is each line's and call's
// `capabilities`.
import type { CommandName, PbxRestriction } from '@offhook/protocol';

/** What a phone system may tell by itself, in the order of a call's life. */
export const PBX_EVENTS = [
  /** A call that was dialled at the phone is seen. */
  'callSeen',
  /** The far end rings. */
  'ringback',
  /** The far end has answered: `connected` is told, and not before. */
  'connected',
  'hangUp',
  /** Why a call ended, as more than `unknown`. */
  'cause',
  /** What a colleague's line does while none of its calls is told leg by leg counts, too. */
  'lineState',
  /** Whether a phone is logged in. */
  'registration',
  'dnd',
  'forward',
  /** The phones of a ring group belong to one conversation. */
  'ringGroup',
  /** `answerReported` is true: the times of the journal are the phone system's own. */
  'answerReported',
  /** The snapshot names calls that were there before the relay. */
  'runningCalls',
  /** Messages that wait in the voicemail box. */
  'voicemail',
] as const;
export type PbxEvent = (typeof PBX_EVENTS)[number];

/**
 * `yes`: works, always. `limited`: works in the cases that `why` names. `no`: never, and `why` says so to an administrator.
 * `why` is a sentence in English for docs/phone-systems.md: `'Only for calls that were started through the API.'`
 */
export type Claim = { is: 'yes' } | { is: 'limited' | 'no'; why: string };

/** What a kind of phone system can do. Every command and every event is named: leaving one out is no claim. */
export interface PbxDeclaration {
  /** `'Asterisk and FreePBX (AMI)'` */
  name: string;
  commands: Readonly<Record<CommandName, Claim>>;
  events: Readonly<Record<PbxEvent, Claim>>;
  /** What agents have to know; also named in the `restrictions` of each line report. `why` is for administrators. */
  restrictions: readonly { code: PbxRestriction; why: string }[];
  /** Which phone rings for a call that was ordered, and who chooses it; a sentence. */
  deviceChoice: string;
}

/** The claim of something that works, always. */
export const YES: Claim = { is: 'yes' };

/** The claim of something that works in the cases that the sentence names. */
export function limited(why: string): Claim {
  return { is: 'limited', why };
}

/** The claim of something that the phone system does not have. */
export function no(why: string): Claim {
  return { is: 'no', why };
}
