// One thing that is on or off, with its word beside it; it takes effect at once.
export interface SwitchProps {
  label: string;
  hint?: string;
  isOn: boolean;
  onSwitch: (isOn: boolean) => void;
}

/** A check box with its words. */
export function Switch({ label, hint, isOn, onSwitch }: SwitchProps) {
  return (
    <label class="switch">
      <input
        class="switch__box"
        type="checkbox"
        checked={isOn}
        onChange={(event) => onSwitch(event.currentTarget.checked)}
      />
      <span>
        <span class="switch__label">{label}</span>
        {hint !== undefined && <span class="field__hint switch__hint">{hint}</span>}
      </span>
    </label>
  );
}
