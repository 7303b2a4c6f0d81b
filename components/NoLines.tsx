// What stands in place of lines where there are none: whom to ask, or that they are on their way.
import type { PhoneState } from '#lib/phone.ts';
import { EmptyState } from './EmptyState.tsx';
import { useWords } from './words.ts';

/** Paired, and without a line to show. */
export function NoLines({ state: { link } }: { state: PhoneState }) {
  const { t } = useWords();
  if (link.type === 'online') {
    return <EmptyState icon="phone" title={t('lines_empty_title')} hint={t('lines_empty_hint')} />;
  }
  // The banner says what is wrong; while connecting a word is enough, and not at once.
  return <p class="no-lines muted patient">{link.type === 'connecting' && t('lines_loading')}</p>;
}
