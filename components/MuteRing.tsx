// Silences the ringtone of a call that rings, in every view that shows the call. It decides nothing about the call.
import { useState } from 'preact/hooks';
import { Button } from './Button.tsx';
import { useWords } from './words.ts';

/** The button; once pressed there is nothing left to silence. */
export function MuteRing({ onMute }: { onMute: () => void }) {
  const { t } = useWords();
  const [isMuted, setMuted] = useState(false);
  return (
    <Button
      kind="ghost"
      icon="bellOff"
      shows="icon"
      label={t('caller_mute_ring')}
      isDisabled={isMuted}
      onClick={() => {
        setMuted(true);
        onMute();
      }}
    />
  );
}
