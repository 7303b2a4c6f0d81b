// Says in words when the relay is away or does not let this browser in: since when, and what to do; and when somebody else
// uses this browser's way in.

import type { ComponentChildren } from 'preact';
import type { PhoneState } from '#lib/phone.ts';
import { Button } from './Button.tsx';
import { Icon } from './icons.tsx';
import { useWords } from './words.ts';

export interface LinkBannerProps {
  state: PhoneState;
  now: number;
  /** Where the options are the remedy and not already open. */
  onOpenOptions?: () => void;
}

/** Nothing while the link is up, or only just coming up. */
export function LinkBanner({ state: { link, heardAt, deviceSessions }, now, onOpenOptions }: LinkBannerProps) {
  const { t, error, moment } = useWords();
  if (link.type === 'offline') {
    const since = heardAt === undefined ? '' : ` ${t('link_offline_since', { time: moment(heardAt, now) })}`;
    const hint = link.code === undefined ? t('link_offline_hint') : error(link.code);
    return <Banner title={t('link_offline_title')} text={`${hint}${since}`} />;
  }
  if (link.type === 'online' && deviceSessions !== undefined && deviceSessions > 1) {
    return <Banner title={t('copied_title')} text={t('copied_text')} />;
  }
  if (link.type !== 'refused') return null;
  return (
    <Banner title={t('link_refused_title')} text={error(link.code)}>
      {onOpenOptions && <Button label={t('action_options')} onClick={onOpenOptions} />}
    </Banner>
  );
}

function Banner({ title, text, children }: { title: string; text: string; children?: ComponentChildren }) {
  return (
    <div class="banner" role="status">
      <Icon name="warning" />
      <div class="banner__text">
        <p class="banner__title">{title}</p>
        <p class="small">{text}</p>
      </div>
      {children}
    </div>
  );
}
