// The options page: with which relay this browser is connected, on which sites numbers are marked, and how numbers are
// read. Everything takes effect at once; nothing waits for a save button.

import { useId, useState } from 'preact/hooks';
import type { PhoneState } from '#lib/phone.ts';
import { Button } from './Button.tsx';
import { ConnectionSection } from './ConnectionSection.tsx';
import { EmptyState } from './EmptyState.tsx';
import type { Pairing } from './PairForm.tsx';
import { Panel } from './Panel.tsx';
import { useWords } from './words.ts';

export interface ShownSettings {
  /** ISO 3166. */
  country: string;
  takesTelLinks: boolean;
  notifies: boolean;
}

/** A site that Offhook is in use on. */
export interface ShownSite {
  /** The match pattern that the browser knows it by. */
  pattern: string;
  label: string;
}

export interface OptionsProps {
  state: PhoneState;
  /** The relay that this browser is paired with, `'relay.example'`, and as whom. */
  connection: { relay: string; userName: string } | undefined;
  pairing: Pairing;
  onDisconnect: () => Promise<void>;
  sites: readonly ShownSite[];
  onRemoveSite: (pattern: string) => Promise<void>;
  settings: ShownSettings;
  onChange: (change: Partial<ShownSettings>) => Promise<void>;
  /** ISO 3166 codes to choose from. */
  countries: readonly string[];
}

/** The whole options page. */
export function OptionsView(props: OptionsProps) {
  const { t } = useWords();
  return (
    <main class="options">
      <h1 class="options__title">{t('options_title')}</h1>
      <ConnectionSection {...props} />
      <Sites sites={props.sites} onRemove={props.onRemoveSite} />
      <Preferences {...props} />
    </main>
  );
}

function Sites({ sites, onRemove }: { sites: readonly ShownSite[]; onRemove: (pattern: string) => Promise<void> }) {
  const { t } = useWords();
  return (
    <Panel title={t('options_sites')} hint={t('options_sites_hint')}>
      {sites.length === 0 && (
        <EmptyState icon="globe" title={t('options_sites_empty_title')} hint={t('options_sites_empty_hint')} />
      )}
      {sites.length > 0 && (
        <ul>
          {sites.map(({ pattern, label }) => (
            <li class="site-item" key={pattern}>
              <span class="site-item__label one-line" title={label}>
                {label}
              </span>
              <Button
                label={t('action_remove')}
                title={t('options_site_remove', { host: label })}
                onClick={() => void onRemove(pattern)}
              />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Preferences({ settings, onChange, countries }: OptionsProps) {
  const words = useWords();
  const { t } = words;
  const [saves, setSaves] = useState(0);
  const id = useId();

  async function change(patch: Partial<ShownSettings>): Promise<void> {
    await onChange(patch);
    setSaves((count) => count + 1);
  }

  const named = countries
    .map((code) => ({ code, name: words.country(code) }))
    .sort((a, b) => a.name.localeCompare(b.name, t('locale')));
  return (
    <>
      <Panel title={t('options_numbers')}>
        <div class="field">
          <label class="field__label" for={id}>
            {t('options_country')}
          </label>
          <select
            id={id}
            class="input options__country"
            aria-describedby={`${id}-hint`}
            onChange={(event) => void change({ country: event.currentTarget.value })}
          >
            {named.map(({ code, name }) => (
              <option key={code} value={code} selected={code === settings.country}>
                {name}
              </option>
            ))}
          </select>
          <p class="field__hint" id={`${id}-hint`}>
            {t('options_country_hint')}
          </p>
        </div>
        <Switch
          label={t('options_tel_links')}
          hint={t('options_tel_links_hint')}
          isOn={settings.takesTelLinks}
          onSwitch={(takesTelLinks) => void change({ takesTelLinks })}
        />
      </Panel>
      <Panel title={t('options_calls')}>
        <Switch
          label={t('options_notifications')}
          isOn={settings.notifies}
          onSwitch={(notifies) => void change({ notifies })}
        />
      </Panel>
      <p class="options__saved small" role="status">
        {saves > 0 && (
          <span class="options__saved-word" key={saves}>
            {t('options_saved')}
          </span>
        )}
      </p>
    </>
  );
}

interface SwitchProps {
  label: string;
  hint?: string;
  isOn: boolean;
  onSwitch: (isOn: boolean) => void;
}

function Switch({ label, hint, isOn, onSwitch }: SwitchProps) {
  return (
    <label class="switch">
      <input
        class="switch__box"
        type="checkbox"
        checked={isOn}
        onChange={(event) => onSwitch(event.currentTarget.checked)}
      />
      <span>
        <span class="switch__label">{label}</span>
        {hint !== undefined && <span class="field__hint switch__hint">{hint}</span>}
      </span>
    </label>
  );
}
