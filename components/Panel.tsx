// A part of a page under its own heading.
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** A part of the page under its own heading. */
export function Panel({ title, hint, children }: { title: string; hint?: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <section class="panel" aria-labelledby={id}>
      <header class="panel__head">
        <h2 id={id} class="panel__title">
          {title}
        </h2>
        {hint !== undefined && <p class="muted small">{hint}</p>}
      </header>
      <div class="panel__body">{children}</div>
    </section>
  );
}
