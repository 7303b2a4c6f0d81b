// A link inside the app: goes there without loading, and leaves clicks with a modifier to the browser.
import type { ReactNode } from 'react';
import { goTo } from './route.ts';

interface LinkProps {
  to: string;
  className?: string;
  isCurrent?: boolean;
  children: ReactNode;
}

/** An `<a>` to a path of the app. */
export function Link({ to, className, isCurrent, children }: LinkProps) {
  return (
    <a
      href={to}
      className={className}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        goTo(to);
      }}
    >
      {children}
    </a>
  );
}
