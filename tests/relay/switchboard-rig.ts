// A switchboard over one phone system that a test plays, with a journal that only keeps what it was told.
import { locationOf } from '@offhook/protocol/location-settings';
import { pino } from 'pino';
import type { KnownConversation } from '../../relay/src/conversations.ts';
import type { Leg, LineReport } from '../../relay/src/pbx/driver.ts';
import {
  type BoardCall,
  type BoardLine,
  createSwitchboard,
  type JournalSink,
  type LegChange,
  type Switchboard,
} from '../../relay/src/switchboard.ts';
import { createFakeClock, type FakeClock } from '../fakes/clock.ts';

export const PBX = 'sample';
export const TENANT = 'company';
export const BERLIN = locationOf({ country: 'DE', areaCode: '30' });

/** A leg as a phone system reports it; an inbound call offered at line 10 unless said otherwise. */
export function aLeg(part: Partial<Leg> = {}): Leg {
  return {
    lineKey: '10',
    callKey: `call-at-${part.lineKey ?? '10'}`,
    direction: 'inbound',
    state: 'offering',
    remote: { number: '03023125042' },
    dialled: '10',
    since: Date.UTC(2026, 0, 15, 9, 0, 0),
    answerReported: true,
    capabilities: ['answer', 'drop'],
    ...part,
  };
}

/** A line as a phone system reports it: with a phone, free. */
export function aLine(part: Partial<LineReport> = {}): LineReport {
  const lineKey = part.lineKey ?? '10';
  return {
    lineKey,
    extension: lineKey,
    name: `Line ${lineKey}`,
    isRegistered: true,
    dnd: false,
    forward: null,
    capabilities: ['makeCall'],
    ...part,
  };
}

/** A journal that only listens (a fake). */
export interface HeardJournal extends JournalSink {
  legs: LegChange[];
  joins: { from: string; into: string }[];
  syncs: { lineIds: readonly string[]; liveCallIds: ReadonlySet<string> }[];
}

export function hearingJournal(known: ReadonlyMap<string, KnownConversation> = new Map()): HeardJournal {
  const heard: Pick<HeardJournal, 'legs' | 'joins' | 'syncs'> = { legs: [], joins: [], syncs: [] };
  return {
    ...heard,
    conversationOf: (callId) => known.get(callId),
    legChanged: (change) => void heard.legs.push(change),
    joined: (join) => void heard.joins.push(join),
    synced: (sync) => void heard.syncs.push(sync),
  };
}

export interface SwitchboardRig {
  board: Switchboard;
  clock: FakeClock;
  journal: HeardJournal;
  /** Line ids in the order of the changes that were told. */
  changes: string[];
  leg(part?: Partial<Leg>): void;
  /** A snapshot of the lines 10, 11, 12 and these legs. */
  snapshot(legs?: readonly Leg[], lines?: readonly LineReport[]): void;
  at(lineKey: string): BoardLine;
  callsAt(lineKey: string): readonly BoardCall[];
}

const LINE_KEYS = ['10', '11', '12'];

/** The rig, attached but without any news yet. */
export function switchboardRig(journal = hearingJournal()): SwitchboardRig {
  const clock = createFakeClock();
  const changes: string[] = [];
  const log = pino({ level: 'silent' });
  const board = createSwitchboard({ clock, log, epoch: 'first', journal, locationOf: () => BERLIN });
  const stored = LINE_KEYS.map((lineKey) => ({
    lineId: '',
    tenantId: TENANT,
    pbxId: PBX,
    lineKey,
    extension: lineKey,
    name: '',
  }));
  board.attach({ pbxId: PBX, tenantId: TENANT, lines: stored });
  board.onChange(({ lineId }) => changes.push(lineId));
  const at = (lineKey: string): BoardLine => {
    const line = board.lines(TENANT).find((one) => one.lineKey === lineKey);
    if (!line) throw new Error(`no line ${lineKey}`);
    return line;
  };
  return {
    board,
    clock,
    journal,
    changes,
    leg: (part) => board.handle(PBX, { type: 'leg', leg: aLeg(part) }),
    snapshot(legs = [], lines = LINE_KEYS.map((lineKey) => aLine({ lineKey }))) {
      board.applySnapshot(PBX, { lines: [...lines], legs: [...legs] });
    },
    at,
    callsAt: (lineKey) => at(lineKey).calls,
  };
}
