// The first run where there is little room: what to do, step by step. Nothing here is required for numbers to be marked on
// pages.
import { PairForm, type Pairing } from './PairForm.tsx';
import { Step } from './Step.tsx';
import { useWords } from './words.ts';

/** The steps; the form is left out where a relay's start page offers to connect with one click. */
export function Welcome({ pairing, hasOffer }: { pairing: Pairing; hasOffer: boolean }) {
  const { t } = useWords();
  return (
    <section class="welcome">
      <h2 class="welcome__title">{t('welcome_title')}</h2>
      <ol class="welcome__steps">
        <Step title={t('welcome_relay_title')} state="open">
          {!hasOffer && (
            <>
              <p class="muted small">
                {pairing.companySignIn?.isOnlyWay ? t('sign_in_only_hint') : t('welcome_relay_hint')}
              </p>
              <PairForm {...pairing} />
            </>
          )}
        </Step>
        <Step title={t('welcome_site_title')} state="open">
          <p class="muted small">{t('welcome_site_hint')}</p>
        </Step>
      </ol>
    </section>
  );
}
