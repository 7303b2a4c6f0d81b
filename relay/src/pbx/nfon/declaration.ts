// What NFON's CTI API has, by its documentation (OpenAPI 1.0.0 and the usage manual of the API). The contract checks it
// against a loopback server written from the same documentation: nobody has tried it at NFON itself yet.
import { limited, no, type PbxDeclaration, YES } from '../declaration.ts';

const NOT_THERE = 'The CTI API has no such request.';
const AT_THE_PHONE = 'The CTI API has no such request: it is done at the phone.';

/** NFON, as the contract checks it. */
export const NFON: PbxDeclaration = {
  name: 'NFON (CTI API)',
  commands: {
    makeCall: YES,
    answer: no(AT_THE_PHONE),
    drop: limited('Only calls that were started through the API, and perhaps only until they are answered.'),
    hold: no(AT_THE_PHONE),
    retrieve: no(AT_THE_PHONE),
    toggle: no(AT_THE_PHONE),
    redirect: no(NOT_THERE),
    transfer: no(AT_THE_PHONE),
    conference: no(AT_THE_PHONE),
    pickup: no(NOT_THERE),
    setForward: no(NOT_THERE),
    setDnd: no(NOT_THERE),
    sendDtmf: no(NOT_THERE),
  },
  events: {
    callSeen: YES,
    ringback: limited('The event is optional by the documentation.'),
    connected: YES,
    hangUp: YES,
    cause: limited('Only for calls that were started through the API; otherwise only that nobody answered.'),
    lineState: YES,
    registration: YES,
    dnd: YES,
    forward: no('Forwards are not reported.'),
    ringGroup: limited(
      'Calls to groups are not supported by the documentation, but several phones of one call were seen.',
    ),
    answerReported: YES,
    runningCalls: no('The stream of calls begins empty: of earlier calls only the state of the line is seen.'),
    voicemail: no('Voicemail is not reported.'),
  },
  restrictions: [
    {
      code: 'group-calls-not-reported',
      why: 'Calls to groups, skills and queues are not supported: when one rings unanswered here, nobody knows whether it was missed.',
    },
    { code: 'forwarded-calls-not-reported', why: 'Calls that are forwarded are not supported.' },
    { code: 'conferences-not-reported', why: 'Conferences with several participants are not supported.' },
    { code: 'one-device-per-line', why: 'Each extension may have one device only.' },
    { code: 'drop-own-calls-only', why: 'Only calls that were started through the API can be ended.' },
    { code: 'running-calls-not-reported', why: 'The stream of calls has only what happens after it was opened.' },
  ],
  deviceChoice:
    'The one phone of the extension rings first. With "otherPhones" an agent may have a number outside ring instead, such as a mobile.',
};
