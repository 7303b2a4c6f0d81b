// What kind of number it is, in a word or two, where that may matter to who calls it: what it costs, or whom it rings.
import type { NumberType } from '@offhook/protocol';
import type { T } from '#lib/i18n.ts';

/** `'Mobile number'`; undefined where there is nothing to say (fixed lines, and what is not known). */
export function numberTypeText(type: NumberType | undefined, t: T): string | undefined {
  switch (type) {
    case undefined:
    case 'fixed':
    case 'fixedOrMobile':
    case 'unknown':
      return undefined;
    case 'mobile':
    case 'premium':
    case 'sharedCost':
    case 'tollFree':
    case 'voip':
    case 'personal':
    case 'pager':
    case 'uan':
    case 'voicemail':
      return t(`number_type_${type}`);
    default:
      return type satisfies never;
  }
}
