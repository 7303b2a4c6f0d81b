// The options page: with which relay this browser is connected, how numbers are read, on which sites they are marked, what
// happens when somebody calls. Everything takes effect at once; nothing waits for a save button.
import type { KnownSite } from '#lib/known-sites.ts';
import type { Send } from '#lib/messages.ts';
import type { PhoneState } from '#lib/phone.ts';
import type { SettingsInForce } from '#lib/policy.ts';
import type { Settings } from '#lib/settings.ts';
import type { SiteDoors } from '#lib/site-doors.ts';
import { CallsSection } from './CallsSection.tsx';
import { ConnectionSection } from './ConnectionSection.tsx';
import { FirstRun } from './FirstRun.tsx';
import { NoticeTest } from './NoticeTest.tsx';
import { NumbersSection } from './NumbersSection.tsx';
import type { Pairing } from './PairForm.tsx';
import { type PhoneLinks, PhoneLinksSection } from './PhoneLinksSection.tsx';
import { type RingDoors, RingtonesSection } from './RingtonesSection.tsx';
import { type Shortcut, ShortcutsSection } from './ShortcutsSection.tsx';
import { SitesSection } from './SitesSection.tsx';
import { useWords } from './words.ts';

export interface OptionsProps {
  state: PhoneState;
  /** The relay that this browser is paired with, `'relay.example'`, and as whom. */
  connection: { relay: string; userName: string } | undefined;
  pairing: Pairing;
  onDisconnect: () => Promise<void>;
  sites: readonly KnownSite[];
  siteDoors: SiteDoors;
  /** As they hold: `country` is undefined until the agent or the company chose one. */
  settings: SettingsInForce;
  onChange: (change: Partial<Settings>) => Promise<void>;
  /** ISO 3166 codes to choose from. */
  countries: readonly string[];
  phoneLinks: PhoneLinks;
  ringDoors: RingDoors;
  shortcuts: readonly Shortcut[];
  onOpenShortcuts: () => void;
  /** Whether the page was opened for somebody new. */
  isFirstRun: boolean;
  notice: { permission: () => Promise<'granted' | 'denied'>; playTone: () => Promise<void> };
  send: Send;
}

/** The whole options page; for somebody new the first steps alone. */
export function OptionsView(props: OptionsProps) {
  const { t } = useWords();
  if (props.isFirstRun) return <FirstRun {...props} />;
  return (
    <main class="options">
      <h1 class="options__title">{t('options_title')}</h1>
      <ConnectionSection {...props} />
      <NumbersSection {...props} />
      <SitesSection {...props} />
      <CallsSection {...props} />
      <RingtonesSection {...props} />
      <PhoneLinksSection phoneLinks={props.phoneLinks} />
      <NoticeTest {...props} />
      <ShortcutsSection shortcuts={props.shortcuts} onOpen={props.onOpenShortcuts} />
    </main>
  );
}
