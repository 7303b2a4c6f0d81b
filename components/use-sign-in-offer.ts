// Whether the relay of an address takes the company's account. Asked once an address, never while somebody still types it.
import { useEffect, useState } from 'preact/hooks';
import type { SignInOffer } from '#lib/company-sign-in.ts';

/** The provider's name for people, or undefined: not asked, not answered, or none. */
export function useSignInOffer(
  offer: ((relayUrl: string) => Promise<SignInOffer>) | undefined,
  relayUrl: string | undefined,
): string | undefined {
  const [known, setKnown] = useState<{ relayUrl: string; provider: string | undefined }>();
  const mayAsk = offer !== undefined;
  useEffect(() => {
    if (!offer || relayUrl === undefined) return undefined;
    let isCurrent = true;
    const put = (provider: string | undefined) => {
      if (isCurrent) setKnown({ relayUrl, provider });
    };
    // A worker that died on the way offers nothing; the code field is there.
    void offer(relayUrl).then(
      (answer) => put(answer.type === 'offered' ? answer.provider : undefined),
      () => put(undefined),
    );
    return () => {
      isCurrent = false;
    };
  }, [mayAsk, relayUrl]);
  return known?.relayUrl === relayUrl ? known?.provider : undefined;
}
