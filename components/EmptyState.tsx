// A place where something will be: says what, and what to do to get it.
import { Icon, type IconName } from './icons.tsx';

/** An empty list in words. */
export function EmptyState({ icon, title, hint }: { icon: IconName; title: string; hint?: string }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <div>
        <p class="empty__title">{title}</p>
        {hint !== undefined && <p class="muted small">{hint}</p>}
      </div>
    </div>
  );
}
