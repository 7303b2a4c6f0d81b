// Frames of the page in front that Offhook may not read: which sites they come from, and one click to allow each. Asking
// the browser for the permission is the entrypoint's part.
import { useState } from 'preact/hooks';
import { Button } from './Button.tsx';
import { Icon } from './icons.tsx';
import { useWords } from './words.ts';

export interface FrameAccessProps {
  /** `'https://crm-frame.example'`, each once. */
  sites: readonly string[];
  /** Asks the browser for a site; runs inside the click. */
  onEnableSite: (site: string) => Promise<'enabled' | 'denied'>;
}

/** A line for each such site; nothing where there is none: most pages. */
export function FrameAccess({ sites, onEnableSite }: FrameAccessProps) {
  return (
    <>
      {sites.map((site) => (
        <FrameRow key={site} site={site} onEnable={() => onEnableSite(site)} />
      ))}
    </>
  );
}

function FrameRow({ site, onEnable }: { site: string; onEnable: () => Promise<'enabled' | 'denied'> }) {
  const { t } = useWords();
  const [answer, setAnswer] = useState<'enabled' | 'denied' | 'asking'>();
  const host = new URL(site).host;

  async function enable(): Promise<void> {
    setAnswer('asking');
    setAnswer(await onEnable());
  }

  if (answer === 'enabled') return null;
  const text = t('frame_needs_access', { host });
  return (
    <div class="site site--frame">
      <span class="site__icon">
        <Icon name="globe" />
      </span>
      <div class="site__text small muted" role="status" title={text}>
        {answer === 'denied' ? t('site_denied') : text}
      </div>
      <Button
        label={t('frame_allow_action')}
        title={t('site_allow_title', { host })}
        isDisabled={answer === 'asking'}
        onClick={() => void enable()}
      />
    </div>
  );
}
