// What a phone system leaves out, in the words of agents. A code without words here does not compile.
import type { PbxRestriction } from '@offhook/protocol';
import type { PlainKey } from '#lib/i18n.ts';

const KEYS: Record<PbxRestriction, PlainKey> = {
  'group-calls-not-reported': 'restriction_group_calls_not_reported',
  'forwarded-calls-not-reported': 'restriction_forwarded_calls_not_reported',
  'conferences-not-reported': 'restriction_conferences_not_reported',
  'one-device-per-line': 'restriction_one_device_per_line',
  'drop-own-calls-only': 'restriction_drop_own_calls_only',
  'answer-not-reported': 'restriction_answer_not_reported',
  'calls-not-reported': 'restriction_calls_not_reported',
  'running-calls-not-reported': 'restriction_running_calls_not_reported',
  'hold-at-the-phone': 'restriction_hold_at_the_phone',
  'answer-at-the-phone': 'restriction_answer_at_the_phone',
};

/** The text that says a restriction. */
export function restrictionKey(restriction: PbxRestriction): PlainKey {
  return KEYS[restriction];
}
