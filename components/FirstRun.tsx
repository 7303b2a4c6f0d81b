// The page for somebody new: sign in, country, first site, and then the first call. Each step says whether it is done; none
// waits for another one, so that who only wants numbers marked may begin with the site.
import type { Line } from '@offhook/protocol';
import { useState } from 'preact/hooks';
import { Button } from './Button.tsx';
import { Choice } from './Choice.tsx';
import { Icon } from './icons.tsx';
import { LinkBanner } from './LinkBanner.tsx';
import { countryOptions } from './NumbersSection.tsx';
import type { OptionsProps } from './OptionsView.tsx';
import { OrderNote } from './OrderNote.tsx';
import { PairForm } from './PairForm.tsx';
import { AddSite } from './SitesSection.tsx';
import { Step } from './Step.tsx';
import { useNow } from './use-now.ts';
import { useOrders } from './use-orders.ts';
import { useWords } from './words.ts';

/** The first run as a page. */
export function FirstRun(props: OptionsProps) {
  const { state, connection, settings, sites } = props;
  const { t } = useWords();
  const now = useNow();
  const isSignedIn = connection !== undefined && state.link.type !== 'refused';
  const left = [isSignedIn, settings.country !== undefined, sites.some(({ status }) => status === 'on')].filter(
    (isDone) => !isDone,
  ).length;
  return (
    <main class="options first-run">
      <header>
        <h1 class="options__title">{t('first_run_title')}</h1>
        <p class="muted">{t('first_run_hint')}</p>
      </header>
      {connection && <LinkBanner state={state} now={now} />}
      <ol class="welcome__steps">
        <SignInStep {...props} isDone={isSignedIn} />
        <CountryStep {...props} />
        <SiteStep {...props} />
      </ol>
      {left === 0 && <FirstCall {...props} />}
      {/* The whole page is this one without the hash. */}
      <p class="small">
        <a class="first-run__more" href="#options">
          {t('first_run_all_options')}
        </a>
      </p>
    </main>
  );
}

function SignInStep({ state, connection, pairing, settings, isDone }: OptionsProps & { isDone: boolean }) {
  const { t } = useWords();
  if (isDone && connection) {
    const user = state.user?.name ?? connection.userName;
    return (
      <Step title={t('first_run_sign_in')} state="done">
        <p class="muted">
          <bdi>{t('pair_done', { user })}</bdi>
        </p>
      </Step>
    );
  }
  return (
    <Step title={t('first_run_sign_in')} state="open">
      <p class="muted small">{pairing.companySignIn?.isOnlyWay ? t('sign_in_only_hint') : t('options_connect_hint')}</p>
      <PairForm {...pairing} relay={settings.policy.relay} />
    </Step>
  );
}

function CountryStep({ state, settings, onChange, countries }: OptionsProps) {
  const words = useWords();
  const { t } = words;
  const [chosen, setChosen] = useState<string>();
  const [isChanging, setChanging] = useState(false);
  if (settings.country !== undefined && !isChanging) {
    return (
      <Step title={t('first_run_country')} state="done">
        <div class="first-run__done">
          <span class="muted">{words.country(settings.country)}</span>
          <Button kind="ghost" label={t('action_change')} onClick={() => setChanging(true)} />
        </div>
      </Step>
    );
  }
  const country = chosen ?? settings.country ?? state.country;
  return (
    <Step title={t('first_run_country')} state="open">
      <Choice
        label={t('options_country')}
        hint={t('options_country_hint')}
        value={country}
        options={countryOptions(countries, words)}
        onChoose={setChosen}
      />
      <div>
        <Button
          label={t('first_run_country_use', { country: words.country(country) })}
          onClick={() => void onChange({ country }).then(() => setChanging(false))}
        />
      </div>
    </Step>
  );
}

function SiteStep({ sites, siteDoors }: OptionsProps) {
  const { t } = useWords();
  const inUse = sites.filter(({ status }) => status === 'on');
  if (inUse.length > 0) {
    return (
      <Step title={t('first_run_site')} state="done">
        <p class="muted first-run__sites">{inUse.map(({ label }) => label).join(', ')}</p>
      </Step>
    );
  }
  return (
    <Step title={t('first_run_site')} state="open">
      <p class="muted small">{t('first_run_site_hint')}</p>
      <AddSite onAdd={siteDoors.onAdd} />
    </Step>
  );
}

const COLLEAGUES_SHOWN = 3;

// Everything is there: one click to the first call.
function FirstCall({ state, send }: OptionsProps) {
  const { t } = useWords();
  const orders = useOrders(send);
  const own = state.lines.find(({ line }) => line.isOwn && line.capabilities.includes('makeCall'))?.line;
  const free = state.lines.flatMap(({ line }) => (isCallable(line) ? [line] : [])).slice(0, COLLEAGUES_SHOWN);
  return (
    <section class="panel first-call">
      <div class="panel__body">
        <div class="first-call__head">
          <span class="welcome__check">
            <Icon name="phone" />
          </span>
          <div>
            <h2 class="panel__title">{t('first_run_ready')}</h2>
            <p class="muted">{t('first_run_ready_hint')}</p>
          </div>
        </div>
        {own && free.length > 0 && (
          <div class="first-call__colleagues">
            {free.map((line) => (
              <Button
                key={line.lineId}
                icon="phone"
                label={t('colleague_call', { name: line.name })}
                isDisabled={orders.of(line.lineId)?.type === 'pending'}
                onClick={() =>
                  orders.give({
                    key: line.lineId,
                    lineId: own.lineId,
                    order: { name: 'makeCall', args: { number: { kind: 'internal', number: line.extension } } },
                  })
                }
              />
            ))}
          </div>
        )}
        {free.map(({ lineId }) => (
          <OrderNote key={lineId} order={orders.of(lineId)} onDismiss={() => orders.dismiss(lineId)} />
        ))}
      </div>
    </section>
  );
}

function isCallable({ isOwn, state, dnd, extension }: Line): boolean {
  return !isOwn && state === 'idle' && dnd !== true && /^[0-9]{1,15}$/.test(extension);
}
