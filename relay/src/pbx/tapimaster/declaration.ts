// What TAPIMaster's IP interface can do: combined with a driver that tells of lines and calls, and alone, where it takes
// orders and tells nothing.
import { limited, no, type PbxDeclaration, YES } from '../declaration.ts';

const ONE_CALL = 'The interface names a line, not a call: only where one call alone can be meant.';
const WITH = 'Only combined with another driver (`with`), as far as that one tells it.';
const ALONE = 'The interface tells nothing.';
const NEEDS_CALLS = 'Only combined with another driver (`with`): alone, no call is known.';

/** With `with`. What it tells is what the other driver tells. */
export const TAPIMASTER: PbxDeclaration = {
  name: 'TAPIMaster (IP interface)',
  commands: {
    makeCall: YES,
    answer: limited(`${NEEDS_CALLS} ${ONE_CALL}`),
    drop: limited(ONE_CALL),
    hold: no('The interface has no word for it.'),
    retrieve: no('The interface has no word for it.'),
    toggle: limited(NEEDS_CALLS),
    redirect: limited(`${NEEDS_CALLS} The first incoming call, else the first connected one.`),
    transfer: limited(NEEDS_CALLS),
    conference: limited(NEEDS_CALLS),
    pickup: YES,
    setForward: limited('All calls only. Taking it back ends do not disturb, too: there is one word for both.'),
    setDnd: limited('Taking it back ends a forward, too: there is one word for both.'),
    sendDtmf: no('The interface has no word for it.'),
  },
  events: {
    callSeen: limited(WITH),
    ringback: limited(WITH),
    connected: limited(WITH),
    hangUp: limited(WITH),
    cause: limited(WITH),
    lineState: limited(WITH),
    registration: limited(WITH),
    dnd: limited(WITH),
    forward: limited(WITH),
    ringGroup: limited(WITH),
    answerReported: limited(WITH),
    runningCalls: limited(WITH),
    voicemail: limited(WITH),
  },
  restrictions: [
    { code: 'hold-at-the-phone', why: 'The interface can toggle two calls, and hold none.' },
    { code: 'calls-not-reported', why: `Alone. ${ALONE}` },
    { code: 'answer-not-reported', why: `Alone. ${ALONE}` },
    { code: 'running-calls-not-reported', why: `Alone. ${ALONE}` },
  ],
  deviceChoice: 'The phone of the TAPI line that TAPIMaster has for the extension.',
};

/** Without `with`. */
export const TAPIMASTER_ALONE: PbxDeclaration = {
  ...TAPIMASTER,
  commands: {
    ...TAPIMASTER.commands,
    answer: no(NEEDS_CALLS),
    drop: limited('Only for the call that was ordered last, while it is assumed.'),
    toggle: no(NEEDS_CALLS),
    redirect: no(NEEDS_CALLS),
    transfer: no(NEEDS_CALLS),
    conference: no(NEEDS_CALLS),
  },
  events: {
    callSeen: no(ALONE),
    ringback: no(ALONE),
    connected: no(ALONE),
    hangUp: no(ALONE),
    cause: no(ALONE),
    lineState: no(ALONE),
    registration: no(ALONE),
    dnd: no(ALONE),
    forward: no(ALONE),
    ringGroup: no(ALONE),
    answerReported: no(ALONE),
    runningCalls: no(ALONE),
    voicemail: no(ALONE),
  },
};
