// How numbers are read: the country of those that do not say theirs, and what a click on a phone link does.
import type { Words } from '#lib/words.ts';
import { Choice } from './Choice.tsx';
import { lockOf } from './lock.ts';
import type { OptionsProps } from './OptionsView.tsx';
import { Panel } from './Panel.tsx';
import { Switch } from './Switch.tsx';
import { useSaved } from './use-saved.tsx';
import { useWords } from './words.ts';

/** The agent's numbers. */
export function NumbersSection(props: Pick<OptionsProps, 'state' | 'settings' | 'onChange' | 'countries'>) {
  const { state, settings, onChange, countries } = props;
  const words = useWords();
  const { t } = words;
  const { change, word } = useSaved(onChange);
  const isLocked = lockOf(settings.policy);
  return (
    <Panel title={t('options_numbers')} aside={word}>
      <Choice
        label={t('options_country')}
        hint={t('options_country_hint')}
        isLocked={isLocked('country')}
        value={settings.country ?? state.country}
        options={countryOptions(countries, words)}
        onChoose={(country) => void change({ country })}
      />
      <Switch
        label={t('options_tel_links')}
        hint={t('options_tel_links_hint')}
        isOn={settings.takesTelLinks}
        isLocked={isLocked('takesTelLinks')}
        onSwitch={(takesTelLinks) => void change({ takesTelLinks })}
      />
    </Panel>
  );
}

/** Countries by their names, in the order of the language. */
export function countryOptions(countries: readonly string[], words: Words) {
  return countries
    .map((value) => ({ value, name: words.country(value) }))
    .sort((a, b) => a.name.localeCompare(b.name, words.t('locale')));
}
