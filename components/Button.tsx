// The one button. It always has a visible word or, as an icon alone, a name; it never submits by accident.
import type { Ref } from 'preact';
import { Icon, type IconName } from './icons.tsx';

export interface ButtonProps {
  label: string;
  icon?: IconName;
  /** How much it weighs; one primary or danger button a card at most. */
  kind?: 'primary' | 'danger' | 'quiet-danger' | 'plain' | 'ghost';
  /** `icon`: the label is only its name for assistive technology and the tooltip. */
  shows?: 'label' | 'icon';
  type?: 'button' | 'submit';
  title?: string | undefined;
  isDisabled?: boolean;
  /** For what is switched on and off by it. */
  isPressed?: boolean;
  /** For what it opens and closes. */
  isExpanded?: boolean;
  /** Shows its icon alone where there is little room; the word stays its name. */
  canShrink?: boolean;
  buttonRef?: Ref<HTMLButtonElement>;
  onClick?: () => void;
}

/** A button with an icon, a word, or both. */
export function Button(props: ButtonProps) {
  const {
    label,
    icon,
    kind = 'plain',
    shows = 'label',
    type = 'button',
    title,
    isDisabled = false,
    canShrink = false,
  } = props;
  const isIconOnly = shows === 'icon';
  return (
    <button
      type={type}
      class={`button button--${kind}${isIconOnly ? ' button--icon' : ''}${canShrink ? ' button--shrinks' : ''}`}
      disabled={isDisabled}
      title={title ?? (isIconOnly || canShrink ? label : undefined)}
      aria-label={isIconOnly ? label : undefined}
      aria-pressed={props.isPressed}
      aria-expanded={props.isExpanded}
      ref={props.buttonRef ?? null}
      // The second click of a double click meets whatever stands there by then: Answer has become Hang up.
      onClick={(event) => event.detail <= 1 && props.onClick?.()}
    >
      {icon && <Icon name={icon} />}
      {!isIconOnly && <span class="button__label">{label}</span>}
    </button>
  );
}
