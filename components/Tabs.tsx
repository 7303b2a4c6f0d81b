// Tabs by the ARIA pattern: one stop for the Tab key, arrows go from one to the next and show it at once.
import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';

export interface Tab<Name extends string> {
  name: Name;
  title: string;
  /** Shown after the title, `(4)`; left out while it is not known. */
  count?: number | undefined;
  /** What the count means, for those who only hear it. */
  countText?: string | undefined;
}

export interface TabsProps<Name extends string> {
  /** What the tabs have in common. */
  label: string;
  tabs: readonly Tab<Name>[];
  shown: Name;
  onShow: (name: Name) => void;
  /** The content of the shown tab. */
  children: ComponentChildren;
}

/** A row of tabs and the content of the one that is shown. */
export function Tabs<Name extends string>({ label, tabs, shown, onShow, children }: TabsProps<Name>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);

  function onKeyDown(event: KeyboardEvent): void {
    const at = tabs.findIndex(({ name }) => name === shown);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const target = next === undefined ? undefined : tabs[(next + tabs.length) % tabs.length];
    if (!target) return;
    event.preventDefault();
    onShow(target.name);
    list.current?.querySelector<HTMLElement>(`[data-tab="${target.name}"]`)?.focus();
  }

  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
        {tabs.map(({ name, title, count, countText }) => (
          <button
            key={name}
            type="button"
            role="tab"
            class="tab"
            id={`${id}-${name}`}
            data-tab={name}
            aria-selected={name === shown}
            aria-controls={`${id}-panel`}
            aria-label={countText === undefined ? undefined : `${title}, ${countText}`}
            tabIndex={name === shown ? 0 : -1}
            onClick={() => onShow(name)}
          >
            <span class="tab__title one-line">{title}</span>
            {count !== undefined && <span class="tab__count">({count})</span>}
          </button>
        ))}
      </div>
      <div class="tab-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${shown}`} tabIndex={-1}>
        {children}
      </div>
    </>
  );
}
