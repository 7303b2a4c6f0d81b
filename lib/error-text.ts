// Error codes and causes as words that say what happened and what to do. The relay sends codes and parameters only; a
// newer relay's code arrives here as `internal`. Must never show a code, or text that came over the wire, as it is.
import type { Cause, Params } from '@offhook/protocol';
import type { PlainKey, T } from './i18n.ts';
import type { OrderResult } from './messages.ts';

/** Every code that a view can be told. */
export type AnyErrorCode = Extract<OrderResult, { type: 'failed' }>['code'];

type Underscored<Text extends string> = Text extends `${infer Head}-${infer Rest}`
  ? `${Head}_${Underscored<Rest>}`
  : Text;

/** The words for an error code; parameters choose the more exact sentence where there is one. */
export function errorText(t: T, code: AnyErrorCode, params: Params = {}): string {
  if (code === 'rate-limited') return rateText(t, params);
  return t(exactKey(code, params) ?? plainKey(code));
}

/** Why a call failed or ended, or undefined where nothing needs to be said. */
export function causeText(t: T, cause: Cause | undefined): string | undefined {
  return cause === undefined || cause === 'normal' ? undefined : t(`cause_${cause}`);
}

function plainKey(code: Exclude<AnyErrorCode, 'rate-limited'>): PlainKey {
  // The type says that every code has its text; replaceAll's own type is only `string`.
  return `error_${code.replaceAll('-', '_') as Underscored<typeof code>}`;
}

const BLOCKED: Readonly<Record<string, PlainKey>> = {
  emergency: 'error_policy_blocked_emergency',
  forward: 'error_policy_blocked_forward',
  service: 'error_policy_blocked_service',
  code: 'error_policy_blocked_code',
  premium: 'error_policy_blocked_premium',
  satellite: 'error_policy_blocked_satellite',
};
const REJECTED: Readonly<Record<string, PlainKey>> = {
  busy: 'error_pbx_rejected_busy',
  unreachable: 'error_pbx_rejected_unreachable',
  credentials: 'error_pbx_rejected_credentials',
  permission: 'error_pbx_rejected_permission',
  invalidNumber: 'error_pbx_rejected_invalid_number',
};

function exactKey(code: AnyErrorCode, params: Params): PlainKey | undefined {
  if (code === 'policy-blocked') return ownEntry(BLOCKED, params['reason']);
  if (code === 'pbx-rejected') return ownEntry(REJECTED, params['cause']);
  return undefined;
}

function ownEntry(table: Readonly<Record<string, PlainKey>>, name: string | number | undefined): PlainKey | undefined {
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

function rateText(t: T, { limit, windowSeconds }: Params): string {
  if (typeof limit !== 'number') return t('error_rate_limited');
  if (windowSeconds === 60) return t('error_rate_limited_minute', { limit });
  if (windowSeconds === 3600) return t('error_rate_limited_hour', { limit });
  return t('error_rate_limited');
}
