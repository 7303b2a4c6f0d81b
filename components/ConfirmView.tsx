// The window in which a call is confirmed that was asked for elsewhere: by a phone link in a mail, by a page, by the menu of
// the right button. One card at a time; it never calls by itself, and what waits behind it says how much it is.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AskedCall, AskedCalls } from '#lib/asked-calls.ts';
import type { AskedReading } from '#lib/read-asked.ts';
import { Button } from './Button.tsx';
import { ConfirmCard, type ReadCall } from './ConfirmCard.tsx';
import type { DeskProps } from './desk-props.ts';
import { LinkBanner } from './LinkBanner.tsx';
import { useNow } from './use-now.ts';
import { useWords } from './words.ts';

export interface ConfirmProps extends DeskProps {
  /** Undefined until it is known. */
  asked: AskedCalls | undefined;
  /** The number in it, and why it is read so. */
  read: (call: AskedCall) => AskedReading;
  /** Somebody decided about one of them, or about all. */
  onDone: (id: string | 'all') => void;
  onClose: () => void;
}

/** The whole window. */
export function ConfirmView(props: ConfirmProps) {
  const { desk, asked, onOpenOptions, onDone, onClose } = props;
  const now = useNow();
  // What was called, or may have been, stays until somebody has seen what came of it: anew it would be called twice.
  const [kept, setKept] = useState<ReadCall>();
  const shown = kept?.call ?? asked?.calls[0];
  const others = asked?.calls.filter(({ id }) => id !== shown?.id) ?? [];
  const done = (id: string | 'all') => {
    setKept(undefined);
    onDone(id);
  };
  const isOver = asked !== undefined && shown === undefined;
  useEffect(() => {
    if (isOver) onClose();
  }, [isOver]);
  useEscape(() => shown && done(shown.id));
  if (!shown || !asked) return <main class="confirm-view" />;
  const reading = kept?.reading ?? props.read(shown);
  // A card is about one reading: another country, known later than the link came, is another card.
  const key = `${shown.id} ${JSON.stringify(reading)}`;
  return (
    <main class="confirm-view">
      <LinkBanner state={desk.phone} now={now} onOpenOptions={onOpenOptions} />
      <ConfirmCard key={key} {...props} call={shown} reading={reading} onDone={done} onKeep={setKept} />
      <Waiting count={others.length} leftOut={asked.leftOut} onCancelAll={() => done('all')} />
    </main>
  );
}

// Wherever the focus is, and only what nothing else took for itself.
function useEscape(onEscape: () => void) {
  const latest = useRef(onEscape);
  latest.current = onEscape;
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !event.repeat) latest.current();
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, []);
}

function Waiting({ count, leftOut, onCancelAll }: { count: number; leftOut: number; onCancelAll: () => void }) {
  const { t, plural } = useWords();
  if (count === 0 && leftOut === 0) return null;
  const parts = [
    ...(count > 0 ? [plural('confirm_more', count)] : []),
    ...(leftOut > 0 ? [plural('confirm_left_out', leftOut)] : []),
  ];
  return (
    <footer class="confirm-view__more">
      <p class="small muted" role="status">
        {parts.join(' · ')}
      </p>
      <Button kind="ghost" label={t('confirm_cancel_all')} onClick={onCancelAll} />
    </footer>
  );
}
