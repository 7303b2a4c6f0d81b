// On which sites numbers are marked. A site is added by its address here, or on its own page by the popup; the browser
// asks the agent itself.
import { useState } from 'preact/hooks';
import { Button } from './Button.tsx';
import { EmptyState } from './EmptyState.tsx';
import { Note } from './Note.tsx';
import type { OptionsProps } from './OptionsView.tsx';
import { Panel } from './Panel.tsx';
import { TextField } from './TextField.tsx';
import { useWords } from './words.ts';

/** The sites, with a form for another one. */
export function SitesSection({
  sites,
  onRemoveSite,
  onAddSite,
}: Pick<OptionsProps, 'sites' | 'onRemoveSite' | 'onAddSite'>) {
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
                onClick={() => void onRemoveSite(pattern)}
              />
            </li>
          ))}
        </ul>
      )}
      <AddSite onAdd={onAddSite} />
    </Panel>
  );
}

type Answer = Awaited<ReturnType<OptionsProps['onAddSite']>>;

/** Asks for a site by its address. */
export function AddSite({ onAdd }: { onAdd: OptionsProps['onAddSite'] }) {
  const { t } = useWords();
  const [address, setAddress] = useState('');
  const [answer, setAnswer] = useState<Answer>();

  async function add(): Promise<void> {
    const given = await onAdd(address.trim());
    setAnswer(given);
    if (given === 'enabled') setAddress('');
  }

  return (
    <form
      class="add-site"
      onSubmit={(event) => {
        event.preventDefault();
        // The browser's question needs this very click: nothing may be awaited before it.
        void add();
      }}
    >
      <TextField
        label={t('options_site_address')}
        placeholder={t('options_site_example')}
        value={address}
        hasFault={answer === 'invalid'}
        onInput={(text) => {
          setAddress(text);
          setAnswer(undefined);
        }}
      />
      <Button type="submit" label={t('site_enable_action')} isDisabled={address.trim() === ''} />
      {answer === 'denied' && <Note kind="error" text={t('site_denied')} />}
      {answer === 'invalid' && <Note kind="error" text={t('options_site_invalid')} />}
    </form>
  );
}
