// What every view of the desk gets: the world as the worker knows it, what the agent set, and the way back to the worker.
import type { Desk, Send } from '#lib/messages.ts';
import type { Settings } from '#lib/settings.ts';

export interface DeskProps {
  desk: Desk;
  settings: Settings;
  send: Send;
  onChangeSettings: (change: Partial<Settings>) => Promise<void>;
  onOpenOptions: () => void;
  /** Opens the journal with what is found by these words; undefined where the view cannot. */
  onShowCalls?: ((text: string) => void) | undefined;
}
