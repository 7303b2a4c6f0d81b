// Says that this browser keeps quiet about calls, and until when; one press ends it.
import type { Settings } from '#lib/settings.ts';
import { Button } from './Button.tsx';
import { Icon } from './icons.tsx';
import { useNow } from './use-now.ts';
import { useWords } from './words.ts';

export interface QuietProps {
  settings: Pick<Settings, 'quietUntil'>;
  onChangeSettings: (change: Partial<Settings>) => Promise<void>;
}

const QUIET_MS = 60 * 60_000;

/** The note; nothing while calls are announced. */
export function QuietNote({ settings: { quietUntil }, onChangeSettings }: QuietProps) {
  const { t, moment } = useWords();
  const now = useNow();
  if (!isQuiet(quietUntil, now)) return null;
  return (
    <div class="quiet-note small" role="status">
      <Icon name="bellOff" />
      <span class="quiet-note__text">{t('quiet_until', { time: moment(quietUntil, now) })}</span>
      <Button kind="ghost" label={t('quiet_end')} onClick={() => void onChangeSettings({ quietUntil: undefined })} />
    </div>
  );
}

/** Switches it on for an hour, and off again. */
export function QuietButton({ settings: { quietUntil }, onChangeSettings }: QuietProps) {
  const { t } = useWords();
  const now = useNow();
  const isOn = isQuiet(quietUntil, now);
  return (
    <Button
      kind="ghost"
      shows="icon"
      icon="bellOff"
      label={t('quiet_label')}
      title={t(isOn ? 'quiet_end_title' : 'quiet_start_title')}
      isPressed={isOn}
      onClick={() => void onChangeSettings({ quietUntil: isOn ? undefined : Date.now() + QUIET_MS })}
    />
  );
}

/** Whether the agent wants it quiet now: as lib/quiet.ts has it, which the worker goes by. */
export function isQuiet(quietUntil: number | undefined, now: number): quietUntil is number {
  return quietUntil !== undefined && now < quietUntil && quietUntil - now <= QUIET_MS;
}
