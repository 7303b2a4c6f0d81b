// On which sites numbers are marked, and how. A site is added by its address here, or on its own page by the popup; the
// browser asks the agent itself.
import { useState } from 'preact/hooks';
import type { SiteDoors } from '#lib/site-doors.ts';
import { Button } from './Button.tsx';
import { EmptyState } from './EmptyState.tsx';
import { Note } from './Note.tsx';
import type { OptionsProps } from './OptionsView.tsx';
import { Panel } from './Panel.tsx';
import { SiteItem } from './SiteItem.tsx';
import { SiteRulesFile } from './SiteRulesFile.tsx';
import { TextField } from './TextField.tsx';
import { useWords } from './words.ts';

/** The sites, with a form for another one. */
export function SitesSection(props: Pick<OptionsProps, 'sites' | 'siteDoors' | 'settings' | 'state' | 'countries'>) {
  const { sites, siteDoors } = props;
  const { t } = useWords();
  return (
    <Panel title={t('options_sites')} hint={t('options_sites_hint')}>
      {sites.length === 0 && (
        <EmptyState icon="globe" title={t('options_sites_empty_title')} hint={t('options_sites_empty_hint')} />
      )}
      {sites.length > 0 && (
        <ul>
          {sites.map((site) => (
            <SiteItem key={site.site} {...props} known={site} />
          ))}
        </ul>
      )}
      <AddSite onAdd={siteDoors.onAdd} />
      <SiteRulesFile {...siteDoors.rules} hasRules={Object.keys(props.settings.siteRules).length > 0} />
    </Panel>
  );
}

type Answer = Awaited<ReturnType<SiteDoors['onAdd']>>;

/** Asks for a site by its address. */
export function AddSite({ onAdd }: Pick<SiteDoors, 'onAdd'>) {
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
