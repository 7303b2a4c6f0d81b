// A page's order that the relay wants to have confirmed first. The question is never put to the page, nor told its token: a
// page that has taken over its renderer would answer it. It is put in our own window, by the person in front of it.
import type { PhoneNumber } from '@offhook/protocol';
import type { ConfirmCalls } from './confirm-calls.ts';
import type { Handlers } from './messages.ts';
import { ruleSiteFor } from './page-settings.ts';

/** The handler of `dial`, which hands what needs a confirmation over to the confirm window. */
export function confirmingElsewhere(dial: Handlers['dial'], { ask }: Pick<ConfirmCalls, 'ask'>): Handlers['dial'] {
  return async (request, sender) => {
    const result = await dial(request, sender);
    if (result.type !== 'failed' || result.code !== 'confirmation-needed') return result;
    // That window starts calls: whoever pressed Transfer must not find a second call in the place of it.
    if (request.during?.how === 'transfer') return { type: 'failed', code: 'transfer-unconfirmed' };
    const text = linkOf(request.number);
    const site = ruleSiteFor(sender);
    // Without its window nothing was dialled, and the chip says that a confirmation is needed.
    if (text !== undefined) await ask({ kind: 'link', text, from: 'page', site }).catch(() => undefined);
    return { type: 'failed', code: 'confirmation-needed' };
  };
}

function linkOf(number: PhoneNumber): string | undefined {
  if (number.kind !== 'e164' && number.kind !== 'internal' && number.kind !== 'service') return undefined;
  const extension = number.kind === 'e164' && number.extension !== undefined ? `;ext=${number.extension}` : '';
  return `tel:${number.number}${extension}`;
}
