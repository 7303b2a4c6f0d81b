// What the simulated exchange can do. It exists so that everything can be tried: what is missing here can be seen nowhere.
import { type PbxDeclaration, YES } from '../declaration.ts';

/** The simulator, as the contract checks it. */
export const SIMULATOR: PbxDeclaration = {
  name: 'Simulator (built in)',
  commands: {
    makeCall: YES,
    answer: YES,
    drop: YES,
    hold: YES,
    retrieve: YES,
    toggle: YES,
    redirect: YES,
    transfer: YES,
    conference: YES,
    pickup: YES,
    setForward: YES,
    setDnd: YES,
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
    dnd: YES,
    forward: YES,
    ringGroup: YES,
    answerReported: YES,
    runningCalls: YES,
    voicemail: YES,
  },
  restrictions: [],
  deviceChoice: 'Each line has one phone, which rings for calls that are ordered.',
};
