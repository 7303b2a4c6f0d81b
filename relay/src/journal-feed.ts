// The journal as one connection gets it: what it missed since its cursor, then every entry as it changes, and pages of
// the past on request. Entries are made for this viewer alone, from the conversations that touch watched lines.
import type { ClientMessage, GoneEntry, JournalEntry, ServerMessage } from '@offhook/protocol';
import type { Viewer } from './access.ts';
import type { Conversation } from './store/store.ts';

/** The journal as feeds see it. */
export interface JournalFeedContext {
  since(query: { tenantId: string; seq: number; limit: number }): Promise<Conversation[]>;
  page(query: {
    tenantId: string;
    lineIds: readonly string[] | 'all';
    before?: string | undefined;
    limit: number;
  }): Promise<Conversation[]>;
  seq(): Promise<number>;
  onConversation(listener: (conversation: Conversation) => void): () => void;
  /** The conversation for this viewer; undefined if no leg is on a watched line. */
  entryFor(viewer: Viewer, conversation: Conversation): JournalEntry | GoneEntry | undefined;
  /** The lines whose calls this viewer may know. */
  watchedLines(viewer: Viewer): readonly string[];
}

export interface JournalFeed {
  /** Starts the live stream, after what was missed since `cursor`; without one only what comes from now on. */
  start(cursor: string | undefined): Promise<void>;
  page(request: ClientMessage & { type: 'journal-page' }): Promise<void>;
  close(): void;
}

export interface JournalFeedOptions {
  send(message: ServerMessage): void;
  context: JournalFeedContext;
  viewer(): Viewer | undefined;
}

const PAGE_SIZE = 50;
const CATCH_UP_SIZE = 200;

/** The journal's stream for one connection. */
export function createJournalFeed({ send, context, viewer }: JournalFeedOptions): JournalFeed {
  let stopListening: (() => void) | undefined;

  function sendEntries(conversations: readonly Conversation[], cursor: number, more: boolean): void {
    const who = viewer();
    if (!who) return;
    const items = conversations.flatMap((conversation) => context.entryFor(who, conversation) ?? []);
    send({ type: 'journal', cursor: String(cursor), items, more });
  }

  return {
    async start(cursor) {
      const who = viewer();
      if (!who || stopListening) return;
      // Listening begins before the catch-up, so that nothing falls between; an entry may come twice, never not at all.
      stopListening = context.onConversation((conversation) => {
        if (conversation.tenantId === viewer()?.tenant.tenantId && isForViewer(conversation)) {
          sendEntries([conversation], conversation.seq, false);
        }
      });
      let seq = cursorSeq(cursor) ?? (await context.seq());
      let missed: Conversation[];
      do {
        missed = await context.since({ tenantId: who.tenant.tenantId, seq, limit: CATCH_UP_SIZE });
        seq = missed.at(-1)?.seq ?? seq;
        sendEntries(missed, seq, missed.length === CATCH_UP_SIZE);
      } while (missed.length === CATCH_UP_SIZE);
    },
    async page({ id, before, filter }) {
      const who = viewer();
      if (!who) return;
      const watched = context.watchedLines(who);
      const lineIds = filter?.lineId === undefined ? watched : watched.filter((lineId) => lineId === filter.lineId);
      const found = await context.page({
        tenantId: who.tenant.tenantId,
        lineIds,
        limit: PAGE_SIZE,
        ...(before !== undefined && { before }),
      });
      const items = found.flatMap((conversation) => context.entryFor(who, conversation) ?? []);
      const cursor = found.at(-1)?.startedAt ?? before ?? '';
      send({ type: 'journal', id, cursor, items, more: found.length === PAGE_SIZE });
    },
    close() {
      stopListening?.();
    },
  };

  function isForViewer(conversation: Conversation): boolean {
    const who = viewer();
    return who !== undefined && context.entryFor(who, conversation) !== undefined;
  }
}

function cursorSeq(cursor: string | undefined): number | undefined {
  return cursor !== undefined && /^[0-9]{1,15}$/.test(cursor) ? Number(cursor) : undefined;
}
