// What a signed-in user may ask of the directory. The contacts are the tenant's, and names and numbers at once: who may see
// these on no line of the tenant finds nobody, and is not told that there is anybody.
import type { ClientMessage, FoundContact, PhoneNumber, ServerMessage } from '@offhook/protocol';
import { locationOf } from '@offhook/protocol/location-settings';
import { readNumber } from '@offhook/protocol/number';
import type { Viewer } from './access.ts';
import type { Directory } from './directory.ts';
import { bytesOf, partsOf } from './frame-parts.ts';

/** The parts of the relay that know contacts. */
export interface ContactContext {
  directory: Pick<Directory, 'lookUp' | 'search'>;
  /** The lines of a tenant. */
  lines(tenantId: string): readonly { lineId: string; extension: string; name: string }[];
  line(lineId: string): { tenantId: string } | undefined;
}

type ContactsMessage = ServerMessage & { type: 'contacts' };

/** The answer to `lookup` and `search`, never larger than a frame may be. */
export async function contactsFor(
  viewer: Viewer,
  message: ClientMessage & { type: 'lookup' | 'search' },
  context: ContactContext,
): Promise<ContactsMessage> {
  const { matches, more } = mayFind(viewer, context)
    ? await matchesOf(viewer, message, context)
    : { matches: [], more: false };
  const [first = [], ...rest] = partsOf(matches, bytesOf);
  return { type: 'contacts', id: message.id, matches: first, more: more || rest.length > 0 };
}

/** Whether this viewer may know contacts at all: names and numbers are seen together on some line. */
export function mayFind(
  { tenant, rightsOn, linesWith }: Viewer,
  { line, lines }: Pick<ContactContext, 'line' | 'lines'>,
): boolean {
  const isEnough = (lineId: string) => {
    const rights = rightsOn(lineId);
    return rights.has('watch') && rights.has('see-names') && rights.has('see-numbers');
  };
  const watched = linesWith('watch');
  if (watched === 'all') return lines(tenant.tenantId).some(({ lineId }) => isEnough(lineId));
  // Of thousands of lines most agents watch a few.
  return [...watched].some((lineId) => line(lineId)?.tenantId === tenant.tenantId && isEnough(lineId));
}

async function matchesOf(
  viewer: Viewer,
  message: ClientMessage & { type: 'lookup' | 'search' },
  context: ContactContext,
): Promise<{ matches: FoundContact[]; more: boolean }> {
  const { tenant, hiddenSources } = viewer;
  const { directory } = context;
  if (message.type === 'search') return directory.search(tenant.tenantId, message, hiddenSources);
  const number = readFor(tenant.country, message.number);
  if (number.kind === 'internal') return { matches: colleaguesAt(viewer, number, context), more: false };
  return { matches: directory.lookUp(tenant.tenantId, number, hiddenSources), more: false };
}

// The name of a colleague is that of the line. Several phone systems may have the same extension.
function colleaguesAt(
  { tenant, rightsOn }: Viewer,
  number: PhoneNumber & { kind: 'internal' },
  { lines }: ContactContext,
): FoundContact[] {
  return lines(tenant.tenantId)
    .filter(
      ({ lineId, extension, name }) => extension === number.number && name !== '' && rightsOn(lineId).has('watch'),
    )
    .map(({ lineId, name }) => ({
      contact: { contactId: lineId, name, source: 'lines', match: 'exact' },
      numbers: [{ number }],
    }));
}

// What was typed is read as people of the company's country write numbers.
function readFor(country: string, number: PhoneNumber): PhoneNumber {
  return number.kind === 'raw' ? readNumber(number.text, locationOf({ country })) : number;
}
