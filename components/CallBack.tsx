// After a call that the whole group missed: one colleague takes it on to call back, and all see who. Taking it on calls
// nobody; the row's own button does.
import type { JournalEntry } from '@offhook/protocol';
import { useState } from 'preact/hooks';
import type { FailedAnswer, Send } from '#lib/messages.ts';
import { Button } from './Button.tsx';
import { Note } from './Note.tsx';
import { useWords } from './words.ts';

export interface CallBackProps {
  entry: JournalEntry;
  send: Send;
  canOrder: boolean;
}

/** Who calls back, or the way to take it on; nothing where nobody need. */
export function CallBack({ entry, send, canOrder }: CallBackProps) {
  const words = useWords();
  const { t } = words;
  const [state, setState] = useState<'idle' | 'pending' | FailedAnswer>('idle');
  const { callBack, outcome, group, entryId } = entry;
  if (!callBack && (outcome !== 'missed' || group === undefined)) return null;

  async function change(take: boolean): Promise<void> {
    setState('pending');
    const answer = await send('call-back', { entryId, take }).catch(
      (): FailedAnswer => ({ type: 'failed', code: 'relay-unreachable' }),
    );
    setState(answer.type === 'done' ? 'idle' : answer);
  }

  const isDisabled = state === 'pending' || !canOrder;
  return (
    <div class="journal-row__back small">
      {callBack && (
        <span class="muted">
          {callBack.isMine
            ? t('call_back_mine')
            : callBack.by
              ? t('call_back_by', { name: callBack.by })
              : t('call_back_taken')}
        </span>
      )}
      {!callBack && (
        <Button icon="check" label={t('call_back_take')} {...{ isDisabled }} onClick={() => void change(true)} />
      )}
      {callBack?.isMine && (
        <Button kind="ghost" label={t('call_back_drop')} {...{ isDisabled }} onClick={() => void change(false)} />
      )}
      {typeof state === 'object' && <Note kind="error" text={words.error(state.code)} />}
    </div>
  );
}
