// Notifications that may be changed and cleared at any moment. Chromium hands a new one to the desktop and is told only a
// moment later what it is called there: whatever is changed or cleared before that leaves a second one on the screen that
// nobody can take away any more (Linux). So a new notification is let alone until it has settled.
import type { NotificationContent } from './call-notice.ts';
import type { Notifications } from './caller.ts';
import type { Clock } from './clock.ts';

export interface SettlingOptions {
  /** The browser's own. */
  notifications: Required<Pick<Notifications, 'create' | 'update' | 'clear' | 'getAll'>>;
  clock: Pick<Clock, 'after'>;
  /** One that was let alone can be changed now. */
  onSettled(): void;
}

// Ten times what a desktop needs on a busy machine, and too short for anybody to have read it.
const SETTLE_MS = 300;

/** Lets new ones alone: what is to be cleared is cleared a moment later; whoever wants to change one asks `isNew` first. */
export function settlingNotifications({ notifications, clock, onSettled }: SettlingOptions): Notifications {
  const settling = new Map<string, { isToGo: boolean; settled: Promise<void> }>();

  async function create(id: string, content: NotificationContent): Promise<void> {
    // The same name again is a change, too.
    const before = settling.get(id);
    if (before) await before.settled;
    const { promise: settled, resolve } = Promise.withResolvers<void>();
    const entry = { isToGo: false, settled };
    settling.set(id, entry);
    const end = () => {
      settling.delete(id);
      resolve();
    };
    try {
      await notifications.create(id, content);
    } catch (error) {
      end();
      throw error;
    }
    clock.after(SETTLE_MS, () => {
      end();
      if (entry.isToGo) void notifications.clear(id);
      else onSettled();
    });
  }

  return {
    create,
    update: notifications.update,
    async clear(id) {
      const entry = settling.get(id);
      if (entry) entry.isToGo = true;
      else await notifications.clear(id);
    },
    getAll: notifications.getAll,
    isNew: (id) => settling.has(id),
  };
}
