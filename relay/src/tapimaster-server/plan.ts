// A wish → the orders that fulfil it, by the lines and calls that its user sees now: which line an extension is, and which
// call is meant where the interface names none. Pure. Whether the user may do it, and whether a number may be dialled, is
// decided where it is for everybody: in the command path (order.ts, guard.ts).
import type { CommandName, CommandOrder, ErrorCode } from '@offhook/protocol';
import type { Viewer } from '../access.ts';
import type { BoardCall, BoardLine } from '../switchboard.ts';
import type { Wish } from './grammar.ts';

/** Orders to give one after the other, each as the extension would; or why there is nothing to order. */
export type Plan = { lineId: string; orders: PlannedOrder[] } | { code: ErrorCode; reason?: string };

export interface PlannedOrder {
  order: CommandOrder;
  callId?: string | undefined;
}

/** Plans for a wish whose extension is known by now. `lines` are those of the user's company. */
export function planFor(wish: Wish, viewer: Viewer, lines: readonly BoardLine[]): Plan {
  const line = lineOf(wish.extension, viewer, lines);
  if ('code' in line) return line;
  switch (wish.verb) {
    case 'makeCall':
      return on(line, { order: { name: 'makeCall', args: { number: raw(wish.number) } } });
    case 'forward':
      return on(line, { order: { name: 'setForward', args: { when: 'all', to: raw(wish.number) } } });
    case 'disturbNot':
      return on(line, { order: { name: 'setDnd', args: { on: true } } });
    case 'forwardOff':
      return forwardOff(line);
    case 'pickup':
      return pickup(line, lineOf(wish.ringing, viewer, lines));
    case 'answer':
      return onCall(line, firstOf(line, ['offering']), { name: 'answer', args: {} });
    case 'drop':
      return onCall(line, callToDrop(line), { name: 'drop', args: {} });
    case 'redirect':
      // As documented: the first incoming call; if there is none, the first connected one.
      return onCall(line, firstOf(line, ['offering']) ?? firstOf(line, ['connected']), {
        name: 'redirect',
        args: { to: raw(wish.number) },
      });
    case 'toggle':
    case 'transfer':
    case 'conference':
      return withTwoCalls(line, wish.verb);
    default:
      return wish satisfies never;
  }
}

/** The extension of the user's only own line: what `NNNNN` stands for where no table says it. */
export function ownExtension(viewer: Viewer, lines: readonly BoardLine[]): string | undefined {
  const own = lines.filter(({ lineId }) => viewer.isOwn(lineId));
  return own.length === 1 ? own[0]?.extension : undefined;
}

// A line that the user does not see is none, as everywhere. Of several with one number, the one that the user operates.
function lineOf(
  extension: string,
  viewer: Viewer,
  lines: readonly BoardLine[],
): BoardLine | { code: ErrorCode; reason?: string } {
  const seen = lines.filter((line) => line.extension === extension && viewer.rightsOn(line.lineId).has('watch'));
  const operated = seen.filter(({ lineId }) => viewer.rightsOn(lineId).has('control'));
  const [line, another] = operated.length > 0 ? operated : seen;
  if (!line) return { code: 'line-unknown' };
  return another ? { code: 'line-unknown', reason: 'several phone systems have a line with this extension' } : line;
}

function on({ lineId }: BoardLine, ...orders: PlannedOrder[]): Plan {
  return { lineId, orders };
}

function onCall(line: BoardLine, call: BoardCall | undefined, order: CommandOrder): Plan {
  return call ? on(line, { order, callId: call.callId }) : { code: 'call-unknown' };
}

function firstOf({ calls }: BoardLine, states: readonly BoardCall['state'][]): BoardCall | undefined {
  return calls
    .filter(({ state }) => states.includes(state))
    .sort((a, b) => a.since - b.since || (a.callId < b.callId ? -1 : 1))[0];
}

// Who speaks hangs up; who does not, declines what rings; a call on hold is the last that is meant.
function callToDrop(line: BoardLine): BoardCall | undefined {
  const active = firstOf(line, ['connected', 'initiated', 'prompting', 'dialing', 'queued', 'ringback', 'failed']);
  return active ?? firstOf(line, ['offering']) ?? firstOf(line, ['held']);
}

function withTwoCalls(line: BoardLine, name: 'toggle' | 'transfer' | 'conference'): Plan {
  const active = firstOf(line, ['connected']) ?? firstOf(line, ['ringback', 'dialing', 'queued']);
  const held = firstOf(line, ['held']);
  if (!active || !held) return { code: 'call-unknown', reason: 'this needs one active call and one on hold' };
  return on(line, { order: { name, args: { otherCallId: held.callId } }, callId: active.callId });
}

function pickup(line: BoardLine, target: ReturnType<typeof lineOf>): Plan {
  if ('code' in target) return target;
  return on(line, { order: { name: 'pickup', args: { lineId: target.lineId } } });
}

// One word for both in TAPIMaster: what is set is taken back, and what is not known to be off.
function forwardOff(line: BoardLine): Plan {
  const able = (name: CommandName) => line.capabilities.includes(name);
  const orders: PlannedOrder[] = [
    ...(able('setForward')
      ? [{ order: { name: 'setForward', args: { when: line.forward?.when ?? 'all', to: null } } } as const]
      : []),
    ...(able('setDnd') && line.dnd !== false ? [{ order: { name: 'setDnd', args: { on: false } } } as const] : []),
  ];
  return orders.length > 0 ? on(line, ...orders) : { code: 'not-supported' };
}

function raw(text: string) {
  return { kind: 'raw' as const, text };
}
