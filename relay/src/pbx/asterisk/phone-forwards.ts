// Which phones have a forward of their own followed by Asterisk by SIP address (`redirect_method`), where an order cannot
// see that somebody else has lifted. For `relay doctor`: it reads settings, one of each phone, and changes nothing.
import type { PbxFinding } from '../driver.ts';
import type { AmiConnection } from './connection.ts';
import { phonesOf } from './lines.ts';
import type { AsteriskOptions } from './options.ts';

/** What was found out of the phones that lines have; names as in pjsip.conf, in their order. */
export interface PhoneForwards {
  /** Followed by SIP address: `uri_pjsip` or `uri_core`. */
  followed: string[];
  /** Of those nobody can tell: their settings are in a database, or under another name. */
  unreadable: string[];
}

type Wire = Pick<AmiConnection, 'ask' | 'list'>;

const FOLLOWING: ReadonlySet<string> = new Set(['uri_pjsip', 'uri_core']);
/** Phone systems with many phones have other things to do, too. */
const PHONES_AT_ONCE = 4;
const MOST_NAMED = 5;
// Neither PJSIPShowEndpoint nor PJSIP_ENDPOINT tells `redirect_method` (16 to 23); the files do, templates taken in.
const PLACES = [
  { file: 'pjsip.conf', type: 'endpoint', key: 'redirect_method' },
  { file: 'pjsip_wizard.conf', type: 'wizard', key: 'endpoint/redirect_method' },
] as const;

/** Asks about every PJSIP phone of a line. Throws what the wire throws. */
export async function readPhoneForwards(
  wire: Wire,
  options: Pick<AsteriskOptions, 'hintContext' | 'lines'>,
): Promise<PhoneForwards> {
  const endpoints = await endpointsOf(wire, options);
  const found: PhoneForwards = { followed: [], unreadable: [] };
  const waiting = [...endpoints];
  const next = async (): Promise<void> => {
    for (let endpoint = waiting.shift(); endpoint !== undefined; endpoint = waiting.shift()) {
      const method = await methodOf(wire, endpoint);
      if (method === undefined) found.unreadable.push(endpoint);
      else if (FOLLOWING.has(method)) found.followed.push(endpoint);
    }
  };
  await Promise.all(Array.from({ length: PHONES_AT_ONCE }, next));
  return { followed: found.followed.toSorted(), unreadable: found.unreadable.toSorted() };
}

/** What the doctor says of it; nothing where all is well. */
export function forwardFindings({ followed, unreadable }: PhoneForwards): PbxFinding[] {
  const findings: PbxFinding[] = [];
  if (followed.length > 0) {
    const message = `forwards that are set at a phone are followed by SIP address (redirect_method): ${named(followed)}; somebody else may lift as the own phone`;
    findings.push({ state: 'warn', message, remedy: 'set redirect_method = user at these endpoints in pjsip.conf' });
  }
  if (unreadable.length > 0) {
    const message = `redirect_method cannot be read for ${named(unreadable)}: see to it that it is user`;
    findings.push({ state: 'ok', message });
  }
  return findings;
}

function named(endpoints: readonly string[]): string {
  const more = endpoints.length - MOST_NAMED;
  return `${endpoints.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

async function endpointsOf(
  wire: Wire,
  { hintContext, lines }: Pick<AsteriskOptions, 'hintContext' | 'lines'>,
): Promise<Set<string>> {
  const hints = await wire.list({ Action: 'ExtensionStateList' });
  const own = hints.filter((hint) => hintContext === undefined || hint['Context'] === hintContext);
  const devices = [
    ...own.flatMap((hint) => phonesOf(hint['Hint'])),
    ...Object.values(lines).flatMap((line) => line.devices ?? []),
  ];
  return new Set(devices.flatMap((device) => /^pjsip\/(.+)$/i.exec(device)?.[1] ?? []));
}

/** Undefined: no file has a section of this name that is a phone's. */
async function methodOf(wire: Wire, endpoint: string): Promise<string | undefined> {
  for (const { file, type, key } of PLACES) {
    if ((await read(wire, `AST_CONFIG(${file},${endpoint},type)`)) !== type) continue;
    // The last one holds: what a template says stands before what the phone's own section does.
    return (await read(wire, `AST_CONFIG(${file},${endpoint},${key},-1)`)) ?? '';
  }
  return undefined;
}

async function read(wire: Wire, Variable: string): Promise<string | undefined> {
  const { Response, Value } = await wire.ask({ Action: 'Getvar', Variable });
  return Response === 'Success' ? Value : undefined;
}
