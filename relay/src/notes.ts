// What agents write about calls: who may, and what of it is kept. The same writing sent twice is one; of two writers the
// last one wins, by the order in which the relay gets them. Absent and not granted are the same answer.
import { createHash } from 'node:crypto';
import type { ClientMessage, ServerMessage } from '@offhook/protocol';
import type { Logger } from 'pino';
import type { Viewer } from './access.ts';
import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import { isSeen, mayReadNote } from './journal-entry.ts';
import { cleanText } from './names.ts';
import { codeOfLoss } from './store-watch.ts';

export interface NotesOptions {
  journal: Pick<Journal, 'conversation' | 'writeNote'>;
  clock: Clock;
  log: Logger;
}

type NoteMessage = ClientMessage & { type: 'note' };
type NoteResult = Pick<ServerMessage & { type: 'result' }, 'state' | 'code'>;

export interface Notes {
  /** Keeps a note, or says why not. Never rejects. */
  write(viewer: Viewer, message: NoteMessage): Promise<NoteResult>;
}

/** Notes over the journal. */
export function createNotes(options: NotesOptions): Notes {
  return {
    async write(viewer, message) {
      try {
        return await write(viewer, message, options);
      } catch (error) {
        options.log.error({ err: error, entryId: message.entryId }, 'a note could not be kept');
        return { state: 'failed', code: codeOfLoss(error) };
      }
    },
  };
}

async function write(viewer: Viewer, message: NoteMessage, { journal, clock }: NotesOptions): Promise<NoteResult> {
  const { entryId, key, text, base, disposition } = message;
  const conversation = await journal.conversation(entryId);
  if (!conversation || conversation.tenantId !== viewer.tenant.tenantId || !isSeen(conversation, viewer)) {
    return { state: 'failed', code: 'call-unknown' };
  }
  // Who may not read it would write over what others wrote.
  if (text !== undefined && !mayReadNote(conversation, viewer)) return { state: 'failed', code: 'not-permitted' };
  const outcome = await journal.writeNote({
    userId: viewer.user.userId,
    key,
    argsHash: createHash('sha256').update(JSON.stringify({ entryId, text, base, disposition })).digest('base64url'),
    conversationId: entryId,
    ...(text !== undefined && { text: cleanText(text) }),
    // What a writer sees of his own is not cleaned yet.
    ...(base !== undefined && { base: cleanText(base) }),
    ...(disposition !== undefined && { disposition }),
    writtenAt: new Date(clock.now()).toISOString(),
  });
  switch (outcome.type) {
    case 'kept':
    case 'repeated':
      return { state: 'done' };
    case 'key-reused':
      return { state: 'failed', code: 'key-reused' };
    case 'unknown':
      return { state: 'failed', code: 'call-unknown' };
    default:
      return outcome satisfies never;
  }
}
