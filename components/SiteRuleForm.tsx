// What holds on one site, field by field. Each takes effect when it is changed; a list of lines when it is left.
import type { SiteRule } from '#lib/site-rules.ts';
import { Button } from './Button.tsx';
import { Choice } from './Choice.tsx';
import { LinesField } from './LinesField.tsx';
import { countryOptions } from './NumbersSection.tsx';
import type { OptionsProps } from './OptionsView.tsx';
import { Switch } from './Switch.tsx';
import { useSaved } from './use-saved.tsx';
import { useWords } from './words.ts';

export interface SiteRuleFormProps extends Pick<OptionsProps, 'siteDoors' | 'settings' | 'state' | 'countries'> {
  known: { site: string; label: string };
  rule: SiteRule;
  onDone: () => void;
}

const CLICKS = ['chip', 'links', 'text'] as const;

/** The rule of a site. */
export function SiteRuleForm({ known, rule, siteDoors, settings, state, countries, onDone }: SiteRuleFormProps) {
  const words = useWords();
  const { t } = words;
  const { change, word } = useSaved((said: Partial<SiteRule>) => siteDoors.onChange(known.site, said));
  const everywhere = t('site_country_default', { country: words.country(settings.country ?? state.country) });
  return (
    <section class="site-rule" aria-label={t('site_edit_title', { host: known.label })}>
      <Choice
        label={t('site_click')}
        hint={rule.click === 'text' ? t('site_click_text_hint') : undefined}
        value={rule.click ?? ''}
        options={[
          { value: '', name: t('site_click_default') },
          ...CLICKS.map((value) => ({ value, name: t(`site_click_${value}`) })),
        ]}
        onChoose={(click) => void change({ click: click === '' ? undefined : click })}
      />
      <Choice
        label={t('site_country')}
        value={rule.country ?? ''}
        options={[{ value: '', name: everywhere }, ...countryOptions(countries, words)]}
        onChoose={(country) => void change({ country: country === '' ? undefined : country })}
      />
      <Switch
        label={t('site_ignores_record')}
        isOn={rule.ignoresRecordCountry === true}
        onSwitch={(ignoresRecordCountry) => void change({ ignoresRecordCountry })}
      />
      <Lists rule={rule} onChange={(said) => void change(said)} />
      <Switch
        label={t('site_despite')}
        hint={t('site_despite_hint')}
        isOn={rule.readsDespiteFormatDetection === true}
        onSwitch={(readsDespiteFormatDetection) => void change({ readsDespiteFormatDetection })}
      />
      <div class="site-rule__end">
        <Button label={t('action_done')} onClick={onDone} />
        {word}
      </div>
    </section>
  );
}

function Lists({ rule, onChange }: { rule: SiteRule; onChange: (change: Partial<SiteRule>) => void }) {
  const { t } = useWords();
  return (
    <>
      <LinesField
        label={t('site_phone_links')}
        hint={t('site_phone_links_hint')}
        lines={rule.phoneLinks ?? []}
        mostCharacters={500}
        isGood={isAddressStart}
        fault={(line) => t('site_phone_links_fault', { line })}
        onChange={(phoneLinks) => onChange({ phoneLinks })}
      />
      <LinesField
        label={t('site_always_columns')}
        hint={t('site_columns_hint')}
        lines={rule.alwaysColumns ?? []}
        mostCharacters={200}
        onChange={(alwaysColumns) => onChange({ alwaysColumns })}
      />
      <LinesField
        label={t('site_never_columns')}
        hint={t('site_columns_hint')}
        lines={rule.neverColumns ?? []}
        mostCharacters={200}
        onChange={(neverColumns) => onChange({ neverColumns })}
      />
      <LinesField
        label={t('site_not_numbers')}
        hint={t('site_not_numbers_hint')}
        lines={rule.notNumbers ?? []}
        mostCharacters={100}
        onChange={(notNumbers) => onChange({ notNumbers })}
      />
      <LinesField
        label={t('site_skip')}
        hint={t('site_skip_hint')}
        lines={rule.skip ?? []}
        mostCharacters={500}
        isGood={isSelector}
        fault={(line) => t('site_skip_fault', { line })}
        onChange={(skip) => onChange({ skip })}
      />
    </>
  );
}

function isAddressStart(line: string): boolean {
  return /^https?:\/\/[^/\s]+\/\S*$/i.test(line);
}

// Only a browser knows: nothing is looked up in this empty fragment.
function isSelector(line: string): boolean {
  try {
    document.createDocumentFragment().querySelector(line);
    return true;
  } catch {
    return false;
  }
}
