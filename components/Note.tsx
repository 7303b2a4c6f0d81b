// One sentence that says what happened and what to do, with an icon, so that red is never the only sign.
import { Icon } from './icons.tsx';

/** An error is announced at once, other news when there is time. */
export function Note({ kind, text, id }: { kind: 'error' | 'done' | 'quiet'; text: string; id?: string }) {
  return (
    <p class={`note note--${kind}`} role={kind === 'error' ? 'alert' : 'status'} id={id}>
      {kind !== 'quiet' && <Icon name={kind === 'error' ? 'warning' : 'check'} />}
      <span>{text}</span>
    </p>
  );
}
