// What happens when somebody calls, and on which line calls go out.
import type { Line } from '@offhook/protocol';
import type { Settings } from '#lib/settings.ts';
import { Choice } from './Choice.tsx';
import { lockOf } from './lock.ts';
import type { OptionsProps } from './OptionsView.tsx';
import { Panel } from './Panel.tsx';
import { Switch } from './Switch.tsx';
import { useSaved } from './use-saved.tsx';
import { useWords } from './words.ts';

const OPENINGS: readonly Settings['opensContact'][] = ['ring', 'answer', 'never'];
const OUTBOUND: readonly Settings['opensContactOutbound'][] = ['dial', 'answer', 'never'];
const AS_ALL = 'as-all';

/** Calls, in and out. */
export function CallsSection({ state, settings, onChange }: Pick<OptionsProps, 'state' | 'settings' | 'onChange'>) {
  const { t } = useWords();
  const { change, word } = useSaved(onChange);
  const isLocked = lockOf(settings.policy);
  const own = state.lines.flatMap(({ line }) => (line.isOwn ? [line] : []));
  return (
    <Panel title={t('options_calls')} aside={word}>
      <Switch
        label={t('options_notifications')}
        isOn={settings.notifies}
        isLocked={isLocked('notifies')}
        onSwitch={(notifies) => void change({ notifies })}
      />
      <Switch
        label={t('options_caller_window')}
        hint={t('options_caller_window_hint')}
        isOn={settings.showsCallerWindow}
        isLocked={isLocked('showsCallerWindow')}
        onSwitch={(showsCallerWindow) => void change({ showsCallerWindow })}
      />
      <Choice
        label={t('options_opens_contact')}
        hint={t('options_opens_contact_hint')}
        value={settings.opensContact}
        isLocked={isLocked('opensContact')}
        options={OPENINGS.map((value) => ({ value, name: t(`options_opens_contact_${value}`) }))}
        onChoose={(opensContact) => void change({ opensContact })}
      />
      <Choice
        label={t('options_opens_contact_vip')}
        value={settings.opensContactVip ?? AS_ALL}
        isLocked={isLocked('opensContact')}
        options={[
          { value: AS_ALL, name: t('options_opens_contact_as_all') },
          ...OPENINGS.map((value) => ({ value, name: t(`options_opens_contact_${value}`) })),
        ]}
        onChoose={(value) => void change({ opensContactVip: value === AS_ALL ? undefined : value })}
      />
      <Choice
        label={t('options_opens_contact_outbound')}
        value={settings.opensContactOutbound}
        options={OUTBOUND.map((value) => ({ value, name: t(`options_opens_contact_${value}`) }))}
        onChoose={(opensContactOutbound) => void change({ opensContactOutbound })}
      />
      <Switch
        label={t('options_quiet_full_screen')}
        hint={t('options_quiet_full_screen_hint')}
        isOn={settings.quietInFullScreen}
        onSwitch={(quietInFullScreen) => void change({ quietInFullScreen })}
      />
      <DefaultLine
        own={own}
        chosenId={settings.defaultLineId}
        onChoose={(defaultLineId) => void change({ defaultLineId })}
      />
    </Panel>
  );
}

interface DefaultLineProps {
  own: readonly Line[];
  chosenId: string | undefined;
  onChoose: (lineId: string) => void;
}

// Nothing to choose for who has one line.
function DefaultLine({ own, chosenId, onChoose }: DefaultLineProps) {
  const { t } = useWords();
  const able = own.filter(({ capabilities }) => capabilities.includes('makeCall'));
  if (able.length < 2) return null;
  return (
    <Choice
      label={t('options_default_line')}
      value={able.find(({ lineId }) => lineId === chosenId)?.lineId ?? able[0]?.lineId ?? ''}
      options={able.map(({ lineId, extension, device, name }) => ({
        value: lineId,
        name: `${t('line_named', { extension })} · ${device ?? name}`,
      }))}
      onChoose={onChoose}
    />
  );
}
