// Which icon stands for which direction of a call; the word stands beside it or in its tooltip.
import type { Call } from '@offhook/protocol';
import type { IconName } from './icons.tsx';

export const DIRECTION_ICONS: Record<Call['direction'], IconName> = {
  inbound: 'incoming',
  outbound: 'outgoing',
  internal: 'internal',
  unknown: 'phone',
};
