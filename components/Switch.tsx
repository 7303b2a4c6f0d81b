// One thing that is on or off, with its word beside it; it takes effect at once.
import { useWords } from './words.ts';

export interface SwitchProps {
  label: string;
  hint?: string;
  isOn: boolean;
  /** The company decided: shown, but not to be changed. */
  isLocked?: boolean;
  onSwitch: (isOn: boolean) => void;
}

/** A check box with its words. */
export function Switch({ label, hint, isOn, isLocked = false, onSwitch }: SwitchProps) {
  const { t } = useWords();
  return (
    <label class="switch">
      <input
        class="switch__box"
        type="checkbox"
        checked={isOn}
        disabled={isLocked}
        onChange={(event) => onSwitch(event.currentTarget.checked)}
      />
      <span>
        <span class="switch__label">{label}</span>
        {hint !== undefined && <span class="field__hint switch__hint">{hint}</span>}
        {isLocked && <span class="field__hint switch__hint">{t('options_locked')}</span>}
      </span>
    </label>
  );
}
