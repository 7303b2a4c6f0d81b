// Whom the number belongs to that is about to be called. Room is kept from the start, so that nothing moves under a hand
// when the answer comes.
import type { PhoneNumber } from '@offhook/protocol';
import type { Send } from '#lib/messages.ts';
import { Icon } from './icons.tsx';
import { useLookup } from './use-lookup.ts';
import { useWords } from './words.ts';

/** The best match and how many others there are; that there is none, or nothing while it is not known. */
export function AskedContact({ send, number }: { send: Send; number: PhoneNumber }) {
  const { t } = useWords();
  const matches = useLookup(send, number);
  const [best, ...others] = matches ?? [];
  return (
    <div class="confirm-card__who" role="status">
      {best && (
        <>
          <span class="confirm-card__face" aria-hidden="true">
            <Icon name="person" />
          </span>
          <span class="confirm-card__names">
            <b class="one-line" title={best.contact.name}>
              <bdi>{best.contact.name}</bdi>
            </b>
            <span class="one-line small muted">
              <bdi>{best.contact.company ?? ''}</bdi>
              {others.length > 0 && ` · ${t('caller_also')} `}
              {others.length > 0 && (
                <bdi>
                  {others
                    .map(({ contact }) => contact.name)
                    .slice(0, 2)
                    .join(', ')}
                </bdi>
              )}
            </span>
          </span>
        </>
      )}
      {matches?.length === 0 && <span class="small muted">{t('caller_unknown')}</span>}
    </div>
  );
}
