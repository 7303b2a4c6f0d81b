// Phone links of other programs: how the browser is made to hand them to us, and whether any has come. No browser says
// whether it does, so the way to know is to try.
import { useState } from 'preact/hooks';
import { Button } from './Button.tsx';
import { Note } from './Note.tsx';
import { Panel } from './Panel.tsx';
import { useNow } from './use-now.ts';
import { useWords } from './words.ts';

/** What the options know of phone links, and do about them. */
export interface PhoneLinks {
  /** `asks`: on a click the browser asks the agent. `manifest`: the browser offers us by itself. */
  way: 'asks' | 'manifest';
  /** When the last one came, in milliseconds. */
  lastAt: number | undefined;
  /** Asks the browser for them; runs inside the click. */
  onAsk: () => 'asked' | 'unavailable';
  /** Opens a phone link with a sample number, as another program would. */
  onTry: () => void;
}

/** A part of the options page. */
export function PhoneLinksSection({ phoneLinks }: { phoneLinks: PhoneLinks }) {
  const { way, lastAt, onAsk, onTry } = phoneLinks;
  const { t, moment } = useWords();
  const now = useNow();
  const [answer, setAnswer] = useState<'asked' | 'unavailable'>();
  return (
    <Panel title={t('options_phone_links')} hint={t('options_phone_links_hint')}>
      {lastAt === undefined ? (
        <p class="small muted">{t('options_phone_links_never')}</p>
      ) : (
        <Note kind="done" text={t('options_phone_links_last', { time: moment(lastAt, now) })} />
      )}
      <div class="phone-links__ways">
        {way === 'asks' && <Button label={t('options_phone_links_open')} onClick={() => setAnswer(onAsk())} />}
        <Button label={t('options_phone_links_try')} title={t('options_phone_links_try_title')} onClick={onTry} />
      </div>
      {answer === 'asked' && <Note kind="quiet" text={t('options_phone_links_asked')} />}
      {answer === 'unavailable' && <Note kind="error" text={t('options_phone_links_unavailable')} />}
      {way === 'manifest' && <p class="small muted">{t('options_phone_links_firefox')}</p>}
      <p class="small muted">{t('options_phone_links_system')}</p>
    </Panel>
  );
}
