import { describe, expect, it } from 'vitest';
import { callIdOf, conversationIdFrom, lineIdOf } from '../../relay/src/call-ids.ts';
import { aLeg, aLine, hearingJournal, PBX, switchboardRig, TENANT } from './switchboard-rig.ts';

function inTouch(journal = hearingJournal()) {
  const rig = switchboardRig(journal);
  rig.snapshot();
  rig.changes.length = 0;
  return rig;
}

describe('lines', () => {
  it('are unknown, because the phone system is out of reach, until the first snapshot', () => {
    const { at, board, snapshot } = switchboardRig();
    board.handle(PBX, { type: 'status', status: { type: 'connected' } });
    expect(at('10')).toMatchObject({ state: 'unknown', unavailableReason: 'pbxUnreachable' });
    snapshot();
    expect(at('10').state).toBe('idle');
    expect(at('10').unavailableReason).toBeUndefined();
  });

  it('are unknown since the moment when touch was lost, and keep their calls', () => {
    const { at, leg, board, clock } = inTouch();
    leg({ state: 'connected' });
    clock.advance(5000);
    board.handle(PBX, { type: 'status', status: { type: 'disconnected', reason: 'cut' } });
    const lostAt = clock.now();
    clock.advance(5000);
    board.handle(PBX, { type: 'status', status: { type: 'connecting' } });
    expect(at('10')).toMatchObject({ state: 'unknown', unavailableReason: 'pbxUnreachable', asOf: lostAt });
    expect(at('10').calls).toMatchObject([{ state: 'connected' }]);
  });

  it('show no phone as unavailable, with the reason', () => {
    const { at, board } = inTouch();
    board.handle(PBX, { type: 'line', line: aLine({ isRegistered: false }) });
    expect(at('10')).toMatchObject({ state: 'unavailable', unavailableReason: 'noPhone' });
  });

  it('stand in the order of their extensions, also when one comes or gets another extension', () => {
    const { board } = inTouch();
    const extensions = () => board.lines(TENANT).map(({ extension }) => extension);
    expect(extensions()).toEqual(['10', '11', '12']);
    board.handle(PBX, { type: 'line', line: aLine({ lineKey: '9' }) });
    expect(extensions()).toEqual(['9', '10', '11', '12']);
    board.handle(PBX, { type: 'line', line: aLine({ lineKey: '10', extension: '110' }) });
    expect(extensions()).toEqual(['9', '11', '12', '110']);
  });

  it('that a snapshot does not name are unknown', () => {
    const { at, snapshot } = inTouch();
    snapshot([], [aLine({ lineKey: '11' })]);
    expect([at('10').state, at('11').state]).toEqual(['unknown', 'idle']);
  });

  it('that were never heard of are taken in with their report', () => {
    const { board } = inTouch();
    board.handle(PBX, { type: 'line', line: aLine({ lineKey: 'sip-9', extension: '9', name: 'Door\u202e\u0007' }) });
    expect(board.lines(TENANT).map(({ extension, name }) => `${extension} ${name}`)).toEqual([
      '9 Door',
      '10 Line 10',
      '11 Line 11',
      '12 Line 12',
    ]);
  });

  it('of one tenant are not among those of another', () => {
    const { board } = inTouch();
    board.attach({ pbxId: 'other', tenantId: 'rival', lines: [] });
    board.handle('other', { type: 'line', line: aLine({ lineKey: '10' }) });
    expect(board.lines('rival').map(({ lineId }) => lineId)).toEqual([lineIdOf('other', '10')]);
    expect(board.lines(TENANT)).toHaveLength(3);
    expect([board.rev('rival'), board.rev('nobody')]).toEqual([1, 0]);
  });
});

describe('calls', () => {
  it('have ids that a restarted relay derives anew from phone system, call and line', () => {
    const [first, second] = [inTouch(), inTouch()];
    first.leg();
    second.snapshot([aLeg()]);
    expect(second.callsAt('10')[0]?.callId).toBe(first.callsAt('10')[0]?.callId);
    expect(second.callsAt('10')[0]?.conversationId).toBe(first.callsAt('10')[0]?.conversationId);
    expect(first.callsAt('10')[0]?.callId).toBe(callIdOf(PBX, 'call-at-10', '10'));
    expect(first.board.callOf(callIdOf(PBX, 'call-at-10', '10'))?.line.lineKey).toBe('10');
  });

  it('carry the caller as a public number, and a withheld one as such', () => {
    const { leg, callsAt } = inTouch();
    leg();
    leg({ lineKey: '11', remote: { number: undefined, name: 'X\u202eY' } });
    expect(callsAt('10')[0]?.remote).toEqual({ number: { kind: 'e164', number: '+493023125042' } });
    expect(callsAt('11')[0]?.remote).toEqual({ number: { kind: 'anonymous' }, name: 'X Y' });
  });

  it('between colleagues name the line, whatever the phone system calls it', () => {
    const { leg, callsAt } = inTouch();
    leg({ direction: 'internal', remote: { number: '11', name: 'somebody' } });
    expect(callsAt('10')[0]?.remote).toEqual({ number: { kind: 'internal', number: '11' }, name: 'Line 11' });
  });

  it('never go backwards: old news change nothing', () => {
    const { leg, callsAt, board } = inTouch();
    leg({ state: 'connected' });
    const rev = board.rev(TENANT);
    leg({ state: 'offering', remote: { number: '0' } });
    expect(callsAt('10')[0]?.state).toBe('connected');
    leg({ state: 'ended', cause: 'normal' });
    leg({ state: 'connected' });
    expect(callsAt('10')[0]).toMatchObject({ state: 'ended', cause: 'normal' });
    expect(board.rev(TENANT)).toBe(rev + 1);
  });

  it('are connected since the moment the far end answered, and since nothing where that was not seen', () => {
    const { leg, snapshot, callsAt, clock } = inTouch();
    leg({ state: 'ringback', direction: 'outbound' });
    expect(callsAt('10')[0]?.connectedSince).toBeUndefined();
    clock.advance(3000);
    leg({ state: 'connected', direction: 'outbound' });
    const answeredAt = clock.now();
    clock.advance(3000);
    leg({ state: 'held', direction: 'outbound' });
    expect(callsAt('10')[0]?.connectedSince).toBe(answeredAt);
    snapshot([aLeg({ lineKey: '11', state: 'connected' })]);
    expect(callsAt('11')[0]?.connectedSince).toBeUndefined();
  });

  it('stay for 60 seconds after their end, and both the end and the going raise the revision', () => {
    const { leg, callsAt, board, clock } = inTouch();
    leg();
    leg({ state: 'ended', cause: 'cancelled' });
    const rev = board.rev(TENANT);
    clock.advance(59_999);
    expect(callsAt('10')).toHaveLength(1);
    clock.advance(1);
    expect(callsAt('10')).toEqual([]);
    expect(board.rev(TENANT)).toBe(rev + 1);
    // An echo brings nothing back, neither of the end nor of what was before.
    leg({ state: 'ended', cause: 'cancelled' });
    leg({ state: 'offering' });
    expect(callsAt('10')).toEqual([]);
  });

  it('that ended are at most 50 on a line, the newest, however often somebody rings', () => {
    const { leg, callsAt, clock } = inTouch();
    leg({ callKey: 'running', state: 'connected' });
    for (let count = 1; count <= 300; count += 1) {
      leg({ callKey: `ring-${count}` });
      leg({ callKey: `ring-${count}`, state: 'ended' });
    }
    expect(callsAt('10').map(({ callKey }) => callKey)).toEqual([
      'running',
      ...Array.from({ length: 50 }, (_, index) => `ring-${251 + index}`),
    ]);
    clock.advance(60_000);
    expect(callsAt('10').map(({ callKey }) => callKey)).toEqual(['running']);
  });

  it('that failed keep why, when the next snapshot does not name them', () => {
    const { board, leg, snapshot, callsAt } = switchboardRig();
    snapshot();
    leg({ direction: 'outbound', state: 'failed', cause: 'busy' });
    board.handle(PBX, { type: 'status', status: { type: 'disconnected', reason: 'cut' } });
    snapshot();
    expect(callsAt('10')).toMatchObject([{ state: 'ended', cause: 'busy' }]);
  });

  it('that a snapshot does not name are over, from an unknown cause, and the time is an estimate', () => {
    const { leg, snapshot, at, journal, clock } = inTouch();
    leg({ state: 'connected' });
    clock.advance(1000);
    snapshot([]);
    expect(at('10')).toMatchObject({
      state: 'idle',
      calls: [{ state: 'ended', cause: 'unknown', endedAt: clock.now() }],
    });
    expect(journal.legs.at(-1)).toMatchObject({ isEstimated: true, call: { state: 'ended' } });
    expect(journal.syncs.at(-1)?.lineIds).toHaveLength(3);
  });
});

describe('conversations', () => {
  it('hold all legs with one link, under the name of the oldest', () => {
    const { leg, callsAt } = inTouch();
    for (const lineKey of ['10', '11', '12']) leg({ lineKey, linkKey: 'group' });
    const ids = ['10', '11', '12'].map((lineKey) => callsAt(lineKey)[0]?.conversationId);
    expect(new Set(ids)).toEqual(new Set([conversationIdFrom(callIdOf(PBX, 'call-at-10', '10'))]));
  });

  it('are named after the oldest call, in whatever order a snapshot names them', () => {
    const { snapshot, callsAt } = switchboardRig();
    const young = aLeg({ lineKey: '11', linkKey: 'x', since: aLeg().since + 1 });
    snapshot([young, aLeg({ linkKey: 'x' })]);
    expect(callsAt('11')[0]?.conversationId).toBe(conversationIdFrom(callIdOf(PBX, 'call-at-10', '10')));
  });

  it('are forgotten with their last call: a link that is used again begins a new one', () => {
    const { leg, callsAt, clock } = inTouch();
    leg({ callKey: 'old', linkKey: 'x' });
    const [old] = callsAt('10');
    leg({ callKey: 'old', linkKey: 'x', state: 'ended' });
    clock.advance(60_000);
    leg({ callKey: 'new', linkKey: 'x' });
    expect(callsAt('10')[0]?.conversationId).not.toBe(old?.conversationId);
  });

  it('that turn out to be one keep the older name on every line, and the journal hears of it', () => {
    const { leg, callsAt, board, journal, changes } = inTouch();
    const later = aLeg().since + 1000;
    leg({ lineKey: '11', callKey: 'young', since: later });
    leg({ lineKey: '10', callKey: 'old' });
    const [old, young] = [callsAt('10')[0]?.conversationId, callsAt('11')[0]?.conversationId];
    expect(old).not.toBe(young);
    changes.length = 0;
    board.handle(PBX, { type: 'link', callKeys: ['young', 'old', 'never-heard-of'] });
    expect([callsAt('10')[0]?.conversationId, callsAt('11')[0]?.conversationId]).toEqual([old, old]);
    expect(journal.joins).toEqual([{ from: young, into: old }]);
    expect(changes).toEqual([lineIdOf(PBX, '11')]);
  });

  it('join when a leg changes its link', () => {
    const { leg, callsAt, journal } = inTouch();
    leg({ lineKey: '10', linkKey: 'a' });
    leg({ lineKey: '11', linkKey: 'b', since: aLeg().since + 1 });
    leg({ lineKey: '11', linkKey: 'a', since: aLeg().since + 1 });
    expect(callsAt('11')[0]?.conversationId).toBe(callsAt('10')[0]?.conversationId);
    expect(journal.joins).toHaveLength(1);
  });

  it('go on under the name that was written down before a restart', () => {
    const callId = callIdOf(PBX, 'call-at-10', '10');
    const known = new Map([[callId, { conversationId: 'v-older', startedAt: 5 }]]);
    const { leg, callsAt } = inTouch(hearingJournal(known));
    leg({ lineKey: '11', linkKey: 'x' });
    leg({ lineKey: '10', linkKey: 'x' });
    expect([callsAt('10')[0]?.conversationId, callsAt('11')[0]?.conversationId]).toEqual(['v-older', 'v-older']);
  });

  it('with one link at two phone systems are two', () => {
    const { leg, callsAt, board } = inTouch();
    board.attach({ pbxId: 'other', tenantId: TENANT, lines: [] });
    leg({ linkKey: 'x' });
    board.handle('other', { type: 'leg', leg: aLeg({ linkKey: 'x', lineKey: '77' }) });
    expect(callsAt('77')[0]?.conversationId).not.toBe(callsAt('10')[0]?.conversationId);
  });
});

describe('revisions', () => {
  it('count changed lines one by one; each line keeps the one of its last change', () => {
    const { leg, board, at, changes } = inTouch();
    const rev = board.rev(TENANT);
    leg();
    leg({ lineKey: '12' });
    expect(board.rev(TENANT)).toBe(rev + 2);
    expect([at('10').rev, at('12').rev]).toEqual([rev + 1, rev + 2]);
    expect(board.changedSince(TENANT, rev).map(({ lineKey }) => lineKey)).toEqual(['10', '12']);
    expect(board.changedSince(TENANT, rev + 1).map(({ lineKey }) => lineKey)).toEqual(['12']);
    expect(changes).toEqual([lineIdOf(PBX, '10'), lineIdOf(PBX, '12')]);
  });

  it('are not raised by news that change nothing', () => {
    const { leg, snapshot, board, at, clock } = inTouch();
    leg();
    const [rev, { asOf }] = [board.rev(TENANT), at('10')];
    clock.advance(1000);
    leg();
    board.handle(PBX, { type: 'line', line: aLine() });
    snapshot([aLeg()]);
    expect([board.rev(TENANT), at('10').asOf]).toEqual([rev, asOf]);
  });

  it('are complete up to the told line, also while one event changes several', () => {
    const { board, snapshot } = switchboardRig();
    const told: [string, boolean][] = [];
    board.onChange(({ lineId }) => {
      const newest = board.line(lineId)?.rev === board.rev(TENANT);
      told.push([lineId, newest]);
    });
    snapshot();
    expect(told).toEqual(['10', '11', '12'].map((lineKey) => [lineIdOf(PBX, lineKey), true]));
  });
});

describe('outcomes', () => {
  it('are passed on with the id of their call', () => {
    const { leg, board } = inTouch();
    const heard: unknown[] = [];
    board.onOutcome((outcome) => heard.push(outcome));
    leg();
    const outcome = { commandKey: 'k', state: 'done', callKey: 'call-at-10' } as const;
    board.handle(PBX, { type: 'outcome', outcome });
    expect(heard).toEqual([{ pbxId: PBX, outcome, callId: callIdOf(PBX, 'call-at-10', '10') }]);
  });

  it('and changes are told to nobody after the switchboard was closed', () => {
    const { leg, board, changes, clock } = inTouch();
    leg({ state: 'connected' });
    leg({ state: 'ended' });
    changes.length = 0;
    board.close();
    board.close();
    leg({ lineKey: '11' });
    expect(changes).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});
