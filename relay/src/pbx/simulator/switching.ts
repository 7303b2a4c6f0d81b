// The ground that simulated calls stand on: the lines, the numbering plan, the legs that exist, timers, reports. It moves
// no call; calls.ts and ringing.ts do.
import type { Cause, Direction } from '@offhook/protocol';
import type { Clock } from '../../clock.ts';
import type { DriverEvent } from '../driver.ts';
import { type Handset, isTalking, legReport, remoteOf, type SimLeg, type Talk } from './talk.ts';

/** How long things take, in milliseconds. What is undefined never happens by itself. */
export interface Timing {
  /** From the lifted handset until the far end rings. */
  setupMs: number;
  /** How long a phone rings before nobody is there. */
  noAnswerMs: number;
  /** How long the own phone rings for an ordered call. */
  ownPhoneMs: number;
  busyToneMs: number;
  ownPhoneLiftsMs: number | undefined;
  farAnswersMs: number | undefined;
  farTalksMs: number | undefined;
}

/** What a dialled number leads to. */
export type Target =
  | { type: 'handset'; handset: Handset }
  | { type: 'group'; name: string; members: readonly Handset[]; isQueue: boolean }
  | { type: 'outside'; number: string }
  | { type: 'nothing' };

/** What the far end outside does by itself. */
export type FarEnd =
  | { type: 'silent' }
  | { type: 'answers'; afterMs: number; talksMs: number | undefined }
  | { type: 'refuses'; cause: Cause }
  | { type: 'fails'; afterMs: number; cause: Cause };

/** A new leg's particulars. */
export interface LegSetup {
  talk: Talk;
  handset: Handset;
  role: SimLeg['role'];
  direction: Direction;
  dialled: string | undefined;
  /** What a caller dialled, digit for digit. */
  digits?: string | undefined;
  group?: string | undefined;
  commandKey?: string | undefined;
}

export interface Switching {
  timing: Timing;
  handsets: ReadonlyMap<string, Handset>;
  now(): number;
  after(delayMs: number, action: () => void): () => void;
  newTalk(callerIs: Talk['callerIs']): Talk;
  newLeg(setup: LegSetup): SimLeg;
  /** The legs of a line that are not over, oldest first. */
  legsOf(handset: Handset): SimLeg[];
  legs(): SimLeg[];
  resolve(digits: string): Target;
  /** Why a phone cannot ring now; undefined when it can. */
  obstacleOf(handset: Handset): Cause | undefined;
  farEndOf(number: string): FarEnd;
  /** Reports a leg if anything about it is new. */
  publish(leg: SimLeg): void;
  link(callKeys: readonly string[]): void;
  /** Reports what changed about legs without a step of their own: who is at the other end, what can be done. */
  settle(): void;
}

export interface NumberingPlan {
  handsets: ReadonlyMap<string, Handset>;
  groups: readonly { key: string; name: string; members: readonly string[]; isQueue?: boolean }[];
  /** What is dialled before an outside number; then a number without it leads nowhere. */
  outsideLine: string;
}

interface SwitchingOptions {
  plan: NumberingPlan;
  timing: Timing;
  clock: Clock;
  /** Begins every key, so that a restarted exchange gives none of them out twice. */
  keyPrefix: string;
  emit: (event: DriverEvent) => void;
}

/** The ground for one exchange. */
export function createSwitching({ plan, timing, clock, keyPrefix, emit }: SwitchingOptions): Switching {
  let lastKey = 0;
  let legs: SimLeg[] = [];
  const legsOf = (handset: Handset) => legs.filter((leg) => leg.handset === handset);
  const nextKey = (kind: string) => {
    lastKey += 1;
    return `${keyPrefix}${kind}${lastKey}`;
  };

  function publish(leg: SimLeg): void {
    leg.remote = remoteOf(leg);
    const report = legReport(leg, legsOf(leg.handset));
    if (leg.state === 'ended') legs = legs.filter((one) => one !== leg);
    const text = JSON.stringify(report);
    if (text === leg.lastReport) return;
    leg.lastReport = text;
    emit({ type: 'leg', leg: report });
  }

  function settle(): void {
    for (const leg of [...legs]) publish(leg);
  }

  return {
    timing,
    handsets: plan.handsets,
    now: () => clock.now(),
    after(delayMs, action) {
      return clock.after(delayMs, () => {
        action();
        settle();
      });
    },
    newTalk: (callerIs) => blankTalk(nextKey('t'), callerIs),
    newLeg(setup) {
      const leg = blankLeg(nextKey('c'), setup, clock.now());
      setup.talk.legs.push(leg);
      legs.push(leg);
      return leg;
    },
    legsOf,
    legs: () => [...legs],
    resolve: (digits) => targetOf(plan, digits),
    obstacleOf: (handset) => obstacleOf(handset, legsOf(handset)),
    farEndOf: (number) => farEndOf(number, timing),
    publish,
    link: (callKeys) => emit({ type: 'link', callKeys }),
    settle,
  };
}

function blankTalk(linkKey: string, callerIs: Talk['callerIs']): Talk {
  return { linkKey, legs: [], outsider: undefined, moreOutsiders: [], callerIs, isAnswered: false, waits: new Set() };
}

function blankLeg(callKey: string, setup: LegSetup, since: number): SimLeg {
  return {
    callKey,
    talk: setup.talk,
    handset: setup.handset,
    role: setup.role,
    direction: setup.direction,
    dialled: setup.dialled,
    digits: setup.digits ?? '',
    group: setup.group,
    commandKey: setup.commandKey,
    state: setup.role === 'caller' ? 'initiated' : 'offering',
    cause: undefined,
    remote: { number: undefined },
    since,
    connectedSince: undefined,
    cancelWait: undefined,
    lastReport: '',
  };
}

const PUBLIC_SERVICES = new Set(['110', '112', '116117']);

function targetOf({ handsets, groups, outsideLine }: NumberingPlan, digits: string): Target {
  const handset = handsets.get(digits);
  if (handset) return { type: 'handset', handset };
  const group = groups.find(({ key }) => key === digits);
  if (group) {
    const members = group.members.flatMap((key) => handsets.get(key) ?? []);
    return { type: 'group', name: group.name, members, isQueue: group.isQueue ?? false };
  }
  if (PUBLIC_SERVICES.has(digits)) return { type: 'outside', number: digits };
  if (!digits.startsWith(outsideLine)) return { type: 'nothing' };
  const number = digits.slice(outsideLine.length);
  return /^\+?[0-9]{3,}$/.test(number) ? { type: 'outside', number } : { type: 'nothing' };
}

function obstacleOf(handset: Handset, legs: readonly SimLeg[]): Cause | undefined {
  if (!handset.isRegistered) return 'unreachable';
  if (handset.dnd) return 'dnd';
  if (legs.length === 0) return undefined;
  const canWait = handset.hasCallWaiting && legs.every((leg) => isTalking(leg));
  return canWait ? undefined : 'busy';
}

// With automatic answers on, the last digit says what a number does: 1 is busy, 2 never answers, 3 declines.
function farEndOf(number: string, { farAnswersMs, farTalksMs }: Timing): FarEnd {
  if (farAnswersMs === undefined) return { type: 'silent' };
  if (number.endsWith('1')) return { type: 'refuses', cause: 'busy' };
  if (number.endsWith('2')) return { type: 'silent' };
  if (number.endsWith('3')) return { type: 'fails', afterMs: farAnswersMs, cause: 'rejected' };
  return { type: 'answers', afterMs: farAnswersMs, talksMs: farTalksMs };
}
