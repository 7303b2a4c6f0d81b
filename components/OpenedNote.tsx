// Says that a call's contact was opened by itself, with the way back.
import { useState } from 'preact/hooks';
import type { Desk, Send } from '#lib/messages.ts';
import { Button } from './Button.tsx';
import { Icon } from './icons.tsx';
import { Note } from './Note.tsx';
import { useWords } from './words.ts';

/** The note below a call; nothing where there is nothing to take back. */
export function OpenedNote({ callId, desk, send }: { callId: string; desk: Desk; send: Send }) {
  const { t } = useWords();
  const [hasFailed, setFailed] = useState(false);
  if (hasFailed) return <Note kind="quiet" text={t('contact_opened_gone')} />;
  if (desk.opened?.callId !== callId) return null;
  return (
    <p class="opened-note small muted" role="status">
      <Icon name="open" />
      <span class="opened-note__text">{t('contact_opened')}</span>
      <Button
        kind="ghost"
        label={t('card_undo')}
        onClick={() => void send('undo-open', {}).then(({ type }) => setFailed(type === 'failed'))}
      />
    </p>
  );
}
