// One site in the options: whether Offhook works there, who decided that, and what can be done about it.
import { useState } from 'preact/hooks';
import type { KnownSite } from '#lib/known-sites.ts';
import type { SiteRule } from '#lib/site-rules.ts';
import type { Words } from '#lib/words.ts';
import { Button } from './Button.tsx';
import { Icon, type IconName } from './icons.tsx';
import { Note } from './Note.tsx';
import type { OptionsProps } from './OptionsView.tsx';
import { SiteRuleForm } from './SiteRuleForm.tsx';
import { useWords } from './words.ts';

type ItemProps = Pick<OptionsProps, 'siteDoors' | 'settings' | 'state' | 'countries'> & { known: KnownSite };

const ICONS: Readonly<Record<KnownSite['status'], IconName>> = { on: 'check', paused: 'pause', denied: 'warning' };

/** A row, with the site's rule below it while it is edited. */
export function SiteItem(props: ItemProps) {
  const { known } = props;
  const words = useWords();
  const { t } = words;
  const [isEditing, setEditing] = useState(false);
  const [answer, setAnswer] = useState<'denied' | undefined>();
  const isLocked = known.company === 'locked';

  async function allow(): Promise<void> {
    setAnswer((await props.siteDoors.onAllow(known.site)) === 'denied' ? 'denied' : undefined);
  }

  return (
    <li class="site-item">
      <div class="site-item__row">
        <span class={`site-item__icon site-item__icon--${known.status}`}>
          <Icon name={ICONS[known.status]} />
        </span>
        <span class="site-item__label">
          <span class="one-line" title={known.label}>
            {known.label}
          </span>
          <span class="small muted">{aboutSite(known, words)}</span>
        </span>
        <span class="site-item__actions">
          <SwitchButton {...props} onAllow={() => void allow()} />
          {!isLocked && (
            <Button
              label={t('site_action_edit')}
              title={t('site_edit_title', { host: known.label })}
              isExpanded={isEditing}
              onClick={() => setEditing(!isEditing)}
            />
          )}
          {canRemove(known) && (
            <Button
              label={t('action_remove')}
              title={t('options_site_remove', { host: known.label })}
              onClick={() => void props.siteDoors.onRemove(known.site)}
            />
          )}
        </span>
      </div>
      {answer === 'denied' && <Note kind="error" text={t('site_denied')} />}
      {isEditing && !isLocked && <SiteRuleForm {...props} rule={known.rule} onDone={() => setEditing(false)} />}
    </li>
  );
}

// On, off, or first of all allowed.
function SwitchButton({ known, siteDoors, onAllow }: ItemProps & { onAllow: () => void }) {
  const { t } = useWords();
  const { site, label: host, status } = known;
  if (status === 'denied') {
    return <Button label={t('site_action_allow')} title={t('site_allow_title', { host })} onClick={onAllow} />;
  }
  if (known.company === 'locked') return null;
  const isOn = status === 'on';
  return (
    <Button
      label={t(isOn ? 'site_action_pause' : 'site_action_resume')}
      title={isOn ? t('site_pause_title', { host }) : t('site_resume_title', { host })}
      onClick={() => void siteDoors.onChange(site, { state: isOn ? 'paused' : 'on' })}
    />
  );
}

// What the build declares and what the company said would be there again at once.
function canRemove({ access, company }: KnownSite): boolean {
  return access === 'agent' || (access === 'none' && company === 'none');
}

function aboutSite({ status, company, rule }: KnownSite, words: Words): string {
  const { t } = words;
  const said = company === 'none' ? [] : [t(company === 'locked' ? 'options_locked' : 'site_company_default')];
  return [t(`site_state_${status}`), ...said, ...ruleInWords(rule, words)].join(' · ');
}

function ruleInWords(rule: SiteRule, { t, plural, country }: Words): string[] {
  const { skip = [], phoneLinks = [], alwaysColumns = [], neverColumns = [], notNumbers = [] } = rule;
  const exceptions = [skip, phoneLinks, alwaysColumns, neverColumns, notNumbers].flat().length;
  return [
    ...(rule.click ? [t(`site_click_${rule.click}`)] : []),
    ...(rule.country ? [t('site_summary_country', { country: country(rule.country) })] : []),
    ...(exceptions > 0 ? [plural('site_summary_left_out', exceptions)] : []),
  ];
}
