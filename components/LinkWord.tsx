// How the link to the relay stands, in one word; always there, so that nothing jumps when it changes.

import type { PlainKey } from '#lib/i18n.ts';
import type { LinkStatus } from '#lib/phone.ts';
import { Icon } from './icons.tsx';
import { useWords } from './words.ts';

const KEYS: Record<LinkStatus['type'], PlainKey> = {
  unpaired: 'link_unpaired',
  connecting: 'link_connecting',
  online: 'link_online',
  offline: 'link_offline',
  refused: 'link_refused',
};

/** A dot while the link is up, an icon otherwise, and the word. */
export function LinkWord({ link }: { link: LinkStatus }) {
  const { t } = useWords();
  const isUp = link.type === 'online';
  const isFault = link.type === 'offline' || link.type === 'refused';
  return (
    <span class={`link-word link-word--${link.type} small`}>
      {isUp ? <span class="link-word__dot" /> : <Icon name={isFault ? 'warning' : 'link'} />}
      {t(KEYS[link.type])}
    </span>
  );
}
