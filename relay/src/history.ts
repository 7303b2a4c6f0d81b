// Past calls with one customer, whichever colleague had them: of all numbers of a contact, as far as this viewer may know.
// An entry in which the viewer does not see who it was cannot be found in it either.
import type { ClientMessage, GoneEntry, JournalEntry, ServerMessage } from '@offhook/protocol';
import type { Viewer } from './access.ts';
import { type ContactContext, mayFind } from './contact-requests.ts';
import type { Directory } from './directory.ts';
import { bytesOf, partsOf } from './frame-parts.ts';
import type { JournalFeedContext } from './journal-feed.ts';
import { type Conversation, pageEndOf, type Store } from './store/store.ts';

/** Where past calls are, and who may see which. */
export interface HistoryContext extends ContactContext {
  numbersOf: Directory['numbersOf'];
  pageOf: Store['journalPageOf'];
  entryFor: JournalFeedContext['entryFor'];
}

type HistoryMessage = ClientMessage & { type: 'history' };

const USUAL_LIMIT = 20;
// Of others' calls that this viewer may not see, so many are passed over before the answer ends.
const MOST_READ = 500;
const READ_STEP = 50;

/** The answer to `history`, never larger than a frame may be. */
export async function historyFor(
  viewer: Viewer,
  message: HistoryMessage,
  context: HistoryContext,
): Promise<ServerMessage & { type: 'journal' }> {
  const limit = message.limit ?? USUAL_LIMIT;
  const numbers = mayFind(viewer, context) ? numbersFor(viewer, message, context) : [];
  const found: { conversation: Conversation; item: JournalEntry }[] = [];
  let before = message.before;
  let isEnd = numbers.length === 0;
  for (let read = 0; !isEnd && found.length <= limit && read < MOST_READ; read += READ_STEP) {
    const { tenantId } = viewer.tenant;
    const page = await context.pageOf({ tenantId, numbers, before, limit: READ_STEP });
    for (const conversation of page) {
      const item = context.entryFor(viewer, conversation);
      if (isShown(item, numbers)) found.push({ conversation, item });
    }
    const last = page.at(-1);
    if (last) before = pageEndOf(last);
    isEnd = page.length < READ_STEP;
  }
  const shown = found.slice(0, limit);
  const [first = [], ...rest] = partsOf(shown, ({ item }) => bytesOf(item));
  const isCut = found.length > limit || rest.length > 0;
  const last = first.at(-1)?.conversation;
  const cursor = isCut && last ? pageEndOf(last) : (before ?? '');
  return { type: 'journal', id: message.id, cursor, items: first.map(({ item }) => item), more: isCut || !isEnd };
}

function numbersFor(viewer: Viewer, { contactId, number }: HistoryMessage, { numbersOf }: HistoryContext): string[] {
  const ofContact =
    contactId === undefined ? [] : (numbersOf(viewer.tenant.tenantId, contactId, viewer.hiddenSources) ?? []);
  const asked = number && (number.kind === 'e164' || number.kind === 'internal') ? [number.number] : [];
  return [...new Set([...ofContact, ...asked])];
}

function isShown(item: JournalEntry | GoneEntry | undefined, numbers: readonly string[]): item is JournalEntry {
  if (!item || !('remote' in item)) return false;
  const { number } = item.remote;
  return 'number' in number && numbers.includes(number.number);
}
