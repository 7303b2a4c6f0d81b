// A line as one viewer may see it on the wire. Every field that leaves the relay passes here, at the moment a frame is
// queued for one connection; what was not granted is left out or hidden, never merely unused by the client.
import type { Call, CommandName, Contact, Line, PhoneNumber, Remote, Right } from '@offhook/protocol';
import type { Viewer } from './access.ts';
import type { BoardCall, BoardLine } from './switchboard.ts';

/** What the view needs from elsewhere: names for numbers, and the moment it is made for. */
export interface ViewContext {
  now: number;
  contactOf(tenantId: string, number: PhoneNumber): Contact | undefined;
  /** The name of a colleague's line by its extension. */
  lineNameOf(tenantId: string, extension: string): string | undefined;
}

/** The line for this viewer; call it only for lines that the viewer watches. */
export function lineFor(viewer: Viewer, line: BoardLine, context: ViewContext): Line {
  const rights = viewer.rightsOn(line.lineId);
  return {
    lineId: line.lineId,
    tenant: line.tenantId,
    name: line.name,
    extension: line.extension,
    isOwn: viewer.isOwn(line.lineId),
    state: line.state,
    ...(line.unavailableReason && { unavailableReason: line.unavailableReason }),
    asOf: new Date(line.asOf).toISOString(),
    dnd: line.dnd,
    forward: line.forward && { when: line.forward.when, to: numberFor(rights, line.forward.to) },
    ...(line.device !== undefined && { device: line.device }),
    capabilities: capabilitiesFor(rights, line.capabilities),
    calls: line.calls.map((call) => callFor({ rights, line, call, context })),
  };
}

interface CallInView {
  rights: ReadonlySet<Right>;
  line: BoardLine;
  call: BoardCall;
  context: ViewContext;
}

function callFor({ rights, line, call, context }: CallInView): Call {
  const { now } = context;
  return {
    callId: call.callId,
    conversationId: call.conversationId,
    direction: call.direction,
    state: call.state,
    ...(call.cause && { cause: call.cause }),
    remote: remoteFor({ rights, line, call, context }),
    ...(call.dialled && { dialled: call.direction === 'inbound' ? call.dialled : numberFor(rights, call.dialled) }),
    answerReported: call.answerReported,
    ageMs: Math.max(0, Math.round(now - call.since)),
    ...(call.connectedSince !== undefined && { connectedMs: connectedMs(call, now) }),
    capabilities: capabilitiesFor(rights, call.capabilities),
  };
}

// A call that is over keeps the length it had.
function connectedMs({ connectedSince = 0, endedAt }: BoardCall, now: number): number {
  return Math.max(0, Math.round((endedAt ?? now) - connectedSince));
}

function remoteFor({ rights, line, call, context }: CallInView): Remote {
  const { number, name } = call.remote;
  const shown = numberFor(rights, number);
  if (!rights.has('see-names')) return { number: shown, verified: false };
  if (number.kind === 'internal') {
    const colleague = context.lineNameOf(line.tenantId, number.number);
    if (colleague !== undefined) return { number: shown, name: colleague, verified: true };
  }
  const contact = context.contactOf(line.tenantId, number);
  if (contact) return { number: shown, name: contact.name, contact, verified: true };
  const claimed = name === undefined ? undefined : plainText(name);
  return { number: shown, ...(claimed && { name: claimed }), verified: false };
}

/** The number, or `hidden` for a viewer without see-numbers. That a caller withheld it stays visible: it tells nothing. */
export function numberFor(rights: ReadonlySet<Right>, number: PhoneNumber): PhoneNumber {
  return rights.has('see-numbers') || number.kind === 'anonymous' ? number : { kind: 'hidden' };
}

function capabilitiesFor(rights: ReadonlySet<Right>, capabilities: readonly CommandName[]): CommandName[] {
  return capabilities.filter((name) => rights.has(name === 'pickup' ? 'pickup' : 'control'));
}

// Caller names are anybody's text: control and bidi characters never reach a view, nor does an endless name.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const UNSHOWN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A name from the telephone network as plain text: without control and bidi characters, at most 128 characters. */
export function plainText(name: string): string {
  return [...name.replace(UNSHOWN, '').trim()].slice(0, 128).join('').slice(0, 128);
}
