// A part of a page under its own heading.
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export interface PanelProps {
  title: string;
  hint?: string;
  /** At the end of the heading's line. */
  aside?: ComponentChildren;
  children: ComponentChildren;
}

/** A part of the page under its own heading. */
export function Panel({ title, hint, aside, children }: PanelProps) {
  const id = useId();
  return (
    <section class="panel" aria-labelledby={id}>
      <header class="panel__head">
        <h2 id={id} class="panel__title">
          {title}
        </h2>
        {aside}
        {hint !== undefined && <p class="panel__hint muted small">{hint}</p>}
      </header>
      <div class="panel__body">{children}</div>
    </section>
  );
}
