// The first run: what to do in two steps. Nothing here is required for numbers to be marked on pages.
import { PairForm, type Pairing } from './PairForm.tsx';
import { useWords } from './words.ts';

/** The two steps; the form is left out where a relay's start page offers to connect with one click. */
export function Welcome({ pairing, hasOffer }: { pairing: Pairing; hasOffer: boolean }) {
  const { t } = useWords();
  return (
    <section class="welcome">
      <h2 class="welcome__title">{t('welcome_title')}</h2>
      <ol class="welcome__steps">
        <li class="welcome__step">
          <h3 class="welcome__name">{t('welcome_relay_title')}</h3>
          {!hasOffer && (
            <>
              <p class="muted small">{t('welcome_relay_hint')}</p>
              <PairForm {...pairing} />
            </>
          )}
        </li>
        <li class="welcome__step">
          <h3 class="welcome__name">{t('welcome_site_title')}</h3>
          <p class="muted small">{t('welcome_site_hint')}</p>
        </li>
      </ol>
    </section>
  );
}
