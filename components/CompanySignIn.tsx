// Signing in with the company's account: the one button, and how far it is. The provider's page is the browser's; a view may
// be gone before it is over, so what is shown comes from the worker.
import type { SignInOffer } from '#lib/company-sign-in.ts';
import type { SignInStatus } from '#lib/phone.ts';
import { Button } from './Button.tsx';
import { Note } from './Note.tsx';
import type { PairOutcome } from './SiteRow.tsx';
import { useWords } from './words.ts';

/** What a view can do about it. */
export interface CompanySignInDoors {
  offer: (relayUrl: string) => Promise<SignInOffer>;
  start: (request: { relayUrl: string; deviceName: string }) => Promise<PairOutcome>;
  status: SignInStatus | undefined;
  /** The company wants no codes. */
  isOnlyWay: boolean;
}

/** The button with the provider's name, and the way to a code. */
export function CompanySignInActions({
  provider,
  status,
  onStart,
  onUseCode,
}: {
  provider: string;
  status: SignInStatus | undefined;
  onStart: () => void;
  /** Undefined where there is no other way. */
  onUseCode: (() => void) | undefined;
}) {
  const { t } = useWords();
  return (
    <>
      {!status && <p class="muted small">{t('sign_in_hint')}</p>}
      <div class="pair__actions pair__actions--wrap">
        <Button
          kind="primary"
          label={t('sign_in_action', { provider })}
          isDisabled={isUnderWay(status)}
          onClick={onStart}
        />
        {onUseCode && <Button kind="ghost" label={t('sign_in_code_instead')} onClick={onUseCode} />}
      </div>
    </>
  );
}

/** How far a sign-in is, or why the last one came to nothing. */
export function CompanySignInStatus({ status }: { status: SignInStatus | undefined }) {
  const { t, error } = useWords();
  if (!status) return null;
  if (status.type === 'failed') return <Note kind="error" text={error(status.code)} />;
  const text = status.type === 'waiting' ? t('sign_in_busy', { provider: status.provider }) : t('sign_in_silent');
  return (
    <p class="small muted patient" role="status">
      {text}
    </p>
  );
}

/** Whether a sign-in has begun and is not over. */
export function isUnderWay(status: SignInStatus | undefined): boolean {
  return status !== undefined && status.type !== 'failed';
}
