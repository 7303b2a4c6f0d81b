// Whether numbers on the page in front are callable, and the one click that makes them so. Asking the browser for the
// permission is the entrypoint's part.

import { useState } from 'preact/hooks';
import type { OrderResult } from '#lib/messages.ts';
import { Button } from './Button.tsx';
import { Icon } from './icons.tsx';
import { Note } from './Note.tsx';
import { useWords } from './words.ts';

/** The page in front: one that no extension may read, a site, or the start page of a relay with its pairing link. */
export type SiteView = { type: 'none' } | { type: 'enabled' | 'available' | 'blocked' | 'relay'; host: string };

/** One line about the page in front. */
export function SiteRow({ site, onEnable }: { site: SiteView; onEnable: () => Promise<'enabled' | 'denied'> }) {
  const { t } = useWords();
  const [answer, setAnswer] = useState<'enabled' | 'denied' | 'asking'>();
  const isEnabled = site.type === 'enabled' || (site.type === 'available' && answer === 'enabled');

  async function enable(): Promise<void> {
    setAnswer('asking');
    setAnswer(await onEnable());
  }

  if (site.type === 'none' || site.type === 'relay') {
    return <p class="site__none small muted one-line">{t('site_none')}</p>;
  }
  if (site.type === 'blocked') {
    return <p class="site__none small muted one-line">{t('site_blocked', { host: site.host })}</p>;
  }
  const text = isEnabled ? t('site_enabled', { host: site.host }) : t('site_available', { host: site.host });
  return (
    <div class="site">
      <span class={`site__icon${isEnabled ? ' site__icon--on' : ''}`}>
        <Icon name={isEnabled ? 'check' : 'globe'} />
      </span>
      <div class="site__text small muted" role="status" title={text}>
        {answer === 'denied' ? t('site_denied') : text}
      </div>
      {!isEnabled && (
        <Button label={t('site_enable_action')} isDisabled={answer === 'asking'} onClick={() => void enable()} />
      )}
    </div>
  );
}

/** How pairing came out. */
export type PairOutcome =
  | { type: 'paired'; userName: string }
  | { type: 'failed'; code: Extract<OrderResult, { type: 'failed' }>['code'] };

/** The start page of a relay is in front: one click pairs with it. */
export function RelayOffer({ host, onPair }: { host: string; onPair: () => Promise<PairOutcome> }) {
  const words = useWords();
  const { t } = words;
  const [outcome, setOutcome] = useState<PairOutcome | { type: 'asking' }>();

  async function pair(): Promise<void> {
    setOutcome({ type: 'asking' });
    setOutcome(await pairOutcome(onPair()));
  }

  return (
    <section class="relay-offer">
      <p class="relay-offer__text">{t('site_relay', { host })}</p>
      {outcome?.type === 'paired' ? (
        <Note kind="done" text={t('pair_done', { user: outcome.userName })} />
      ) : (
        <Button
          kind="primary"
          icon="link"
          label={t('site_relay_action')}
          isDisabled={outcome?.type === 'asking'}
          onClick={() => void pair()}
        />
      )}
      {outcome?.type === 'asking' && <p class="note patient">{t('pair_busy')}</p>}
      {outcome?.type === 'failed' && <Note kind="error" text={words.error(outcome.code)} />}
    </section>
  );
}

/** An outcome for certain: a worker that died on the way counts as a relay that did not answer. */
export async function pairOutcome(answer: Promise<PairOutcome>): Promise<PairOutcome> {
  try {
    return await answer;
  } catch {
    return { type: 'failed', code: 'relay-unreachable' };
  }
}
