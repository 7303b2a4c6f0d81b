// The finder's rules in words: why a text was taken for a number, or why not. One table, so that no rule stays a name that
// only programmers know; a test looks for rules without words.
import type { PlainKey, T } from './i18n.ts';
import type { FoundBecause } from './page-facts.ts';

const WORDS: Readonly<Record<string, PlainKey>> = {
  international: 'rule_international',
  national: 'rule_national',
  vanity: 'rule_vanity',
  link: 'rule_link',
  label: 'rule_label_plain',
  'internal-label': 'rule_label_plain',
  'site-column': 'rule_label_plain',
  // From here on: why not.
  bare: 'rule_trunk',
  trunk: 'rule_trunk',
  invalid: 'rule_invalid',
  'too-short': 'rule_too_short',
  'too-long': 'rule_too_long',
  grouping: 'rule_grouping',
  'unknown-label': 'rule_unknown_label',
  touching: 'rule_touching',
  date: 'rule_date',
  time: 'rule_time',
  amount: 'rule_thousands',
  range: 'rule_table',
  'list-mark': 'rule_table',
  decimal: 'rule_decimal',
  thousands: 'rule_thousands',
  measurement: 'rule_measurement',
  ip: 'rule_ip',
  card: 'rule_card',
  isbn: 'rule_isbn',
  iban: 'rule_iban',
  price: 'rule_price',
  'post-code': 'rule_post_code',
  table: 'rule_table',
  repeated: 'rule_repeated',
  sequence: 'rule_sequence',
  'year-serial': 'rule_year_serial',
  'personal-id': 'rule_personal_id',
  'tax-number': 'rule_tax_number',
  'company-number': 'rule_company_number',
  service: 'rule_service',
  code: 'rule_code',
  internal: 'rule_internal',
  'site-never-column': 'rule_site_never_column',
  'site-not-number': 'rule_site_not_number',
  'page-asks-for-none': 'rule_page_asks_for_none',
  'left-out': 'rule_left_out',
};

/** What stands before the digits instead of a word for phone (`negative-label:order`). */
const INSTEAD: Readonly<Record<string, PlainKey>> = {
  bank: 'rule_negative_bank',
  order: 'rule_negative_order',
  invoice: 'rule_negative_invoice',
  customer: 'rule_negative_customer',
  tax: 'rule_negative_tax',
  contract: 'rule_negative_contract',
  tracking: 'rule_negative_tracking',
  product: 'rule_negative_product',
  document: 'rule_negative_document',
  place: 'rule_negative_place',
  amount: 'rule_negative_amount',
  date: 'rule_negative_date',
  number: 'rule_negative',
  list: 'rule_negative',
};

/** The rule as a part of a sentence: `after “Tel.”`. A newer finder's rule says what most of them say. */
export function ruleText(t: T, { rule, label }: FoundBecause): string {
  if (label !== undefined && rule === 'site-column') return t('rule_site_column', { label });
  if (label !== undefined && (rule === 'label' || rule === 'internal-label')) return t('rule_label', { label });
  return t(keyOf(rule) ?? 'rule_other');
}

/** Whether there are words of its own for a rule. */
export function hasWords(rule: string): boolean {
  return keyOf(rule) !== undefined;
}

function keyOf(rule: string): PlainKey | undefined {
  if (!rule.startsWith('negative-label')) return ownEntry(WORDS, rule);
  return ownEntry(INSTEAD, rule.slice('negative-label:'.length)) ?? 'rule_negative';
}

function ownEntry(table: Readonly<Record<string, PlainKey>>, name: string): PlainKey | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
