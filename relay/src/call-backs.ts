// Who calls back after a call that the group missed: one colleague takes it on, and all see who. The first one has it. Who
// may not operate any line that the call touched has nothing to take on; absent and not granted are the same answer.
import type { ClientMessage, ServerMessage } from '@offhook/protocol';
import type { Logger } from 'pino';
import type { Viewer } from './access.ts';
import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import { isSeen } from './journal-entry.ts';
import { codeOfLoss } from './store-watch.ts';

export interface CallBacksOptions {
  journal: Pick<Journal, 'conversation' | 'takeCallBack' | 'dropCallBack'>;
  clock: Clock;
  log: Logger;
}

type CallBackMessage = ClientMessage & { type: 'call-back' };
type CallBackResult = Pick<ServerMessage & { type: 'result' }, 'state' | 'code' | 'params'>;

export interface CallBacks {
  /** Takes it on or gives it up, or says why not. Never rejects. */
  change(viewer: Viewer, message: CallBackMessage): Promise<CallBackResult>;
}

/** The calls that somebody promised to make, over the journal. */
export function createCallBacks(options: CallBacksOptions): CallBacks {
  return {
    async change(viewer, message) {
      try {
        return await change(viewer, message, options);
      } catch (error) {
        options.log.error({ err: error, entryId: message.entryId }, 'who calls back could not be kept');
        return { state: 'failed', code: codeOfLoss(error) };
      }
    },
  };
}

async function change(
  viewer: Viewer,
  { entryId, take }: CallBackMessage,
  { journal, clock }: CallBacksOptions,
): Promise<CallBackResult> {
  const conversation = await journal.conversation(entryId);
  const isTheirs = conversation?.tenantId === viewer.tenant.tenantId && isSeen(conversation, viewer);
  if (!conversation || !isTheirs) return { state: 'failed', code: 'call-unknown' };
  const mayOperate = conversation.legs.some(({ lineId }) => viewer.rightsOn(lineId).has('control'));
  if (!mayOperate) return { state: 'failed', code: 'not-permitted' };
  const { userId, displayName } = viewer.user;
  const takenAt = new Date(clock.now()).toISOString();
  const outcome = take
    ? await journal.takeCallBack({ conversationId: entryId, userId, name: displayName, takenAt })
    : await journal.dropCallBack(entryId, userId);
  switch (outcome.type) {
    case 'kept':
    case 'repeated':
      return { state: 'done' };
    case 'taken':
      return { state: 'failed', code: 'already-taken' };
    case 'unknown':
    case 'key-reused':
      return { state: 'failed', code: 'call-unknown' };
    default:
      return outcome satisfies never;
  }
}
