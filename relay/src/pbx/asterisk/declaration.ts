// What Asterisk and FreePBX can do by way of their manager interface, as data for the contract and the documents.
import { limited, type PbxDeclaration, YES } from '../declaration.ts';

const OBEYING_PHONES =
  'At phones that obey "talk" and "hold" in a SIP NOTIFY, named in remoteControl; the manager’s user needs system.';
const NEEDS_FEATURES =
  'With features: astdb or freepbx, and a manager’s user that may read reporting; setting needs system.';

/** Asterisk and FreePBX over AMI. */
export const ASTERISK: PbxDeclaration = {
  name: 'Asterisk and FreePBX (AMI)',
  commands: {
    makeCall: YES,
    answer: limited(OBEYING_PHONES),
    drop: YES,
    hold: limited(OBEYING_PHONES),
    retrieve: limited(OBEYING_PHONES),
    toggle: limited(OBEYING_PHONES),
    redirect: YES,
    transfer: YES,
    conference: limited('With conferenceContext: a context of the dial plan in which any number is a ConfBridge room.'),
    pickup: YES,
    setForward: limited(NEEDS_FEATURES),
    setDnd: limited(NEEDS_FEATURES),
    sendDtmf: YES,
  },
  events: {
    callSeen: YES,
    ringback: YES,
    connected: YES,
    hangUp: YES,
    cause: YES,
    lineState: YES,
    registration: YES,
    dnd: limited('With features: astdb or freepbx.'),
    forward: limited('With features: astdb or freepbx.'),
    ringGroup: YES,
    answerReported: YES,
    runningCalls: YES,
    voicemail: limited('Where the line’s voicemail box has its extension as number.'),
  },
  restrictions: [
    { code: 'answer-at-the-phone', why: 'Asterisk cannot make a phone lift that does not obey such an order.' },
    { code: 'hold-at-the-phone', why: 'Asterisk cannot make a phone hold that does not obey such an order.' },
  ],
  deviceChoice: 'The first phone of the line’s hint or of its devices; an order may name another one of them.',
};
