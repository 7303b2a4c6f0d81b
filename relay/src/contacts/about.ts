// What a source says of a contact beyond name and numbers, by the names that the configuration gives its parts: facts for
// whoever answers, who matters most, who is not to be called. The texts come from outside and are cleaned like names.
import * as v from 'valibot';
import { cleanName } from '../names.ts';
import type { ContactAbout } from '../store/number-contacts.ts';
import type { SourceRecord } from './record.ts';

const MOST_FACTS = 8;

const label = v.pipe(v.string(), v.trim(), v.minLength(1, 'is empty'), v.maxLength(40, 'is longer than 40 characters'));
const field = v.pipe(v.string(), v.minLength(1, 'is empty'), v.maxLength(256, 'is longer than 256 characters'));

/** Facts with the part of the record, or the path in an answer, that holds each. */
export const FactFieldsSchema = v.pipe(
  v.array(v.strictObject({ label, field })),
  v.maxLength(MOST_FACTS, `has more than ${MOST_FACTS} facts`),
);
export type FactFields = v.InferOutput<typeof FactFieldsSchema>;

/** The keys of a source for it. */
export const aboutEntries = {
  facts: v.optional(FactFieldsSchema),
  vip: v.optional(field),
  doNotCall: v.optional(field),
};

/** The same as it is read. */
export interface AboutSettings {
  facts?: FactFields | undefined;
  vip?: string | undefined;
  doNotCall?: string | undefined;
}

/** What a record says; undefined where there is nothing of it. */
export function aboutOf(record: Pick<SourceRecord, 'get'>, settings: AboutSettings): ContactAbout | undefined {
  const facts = factsOf(settings.facts ?? [], record.get);
  const isVip = settings.vip !== undefined && isYes(record.get(settings.vip));
  const isDoNotCall = settings.doNotCall !== undefined && isYes(record.get(settings.doNotCall));
  if (facts.length === 0 && !isVip && !isDoNotCall) return undefined;
  return { ...(facts.length > 0 && { facts }), ...(isVip && { vip: true }), ...(isDoNotCall && { doNotCall: true }) };
}

/** Each fact that has a text. */
export function factsOf(
  fields: FactFields,
  get: (name: string) => string | undefined,
): { label: string; text: string }[] {
  return fields.flatMap(({ label: name, field: from }) => {
    const text = cleanName(get(from) ?? '');
    return text === '' ? [] : [{ label: name, text }];
  });
}

/** The parts of a record that these settings name. */
export function aboutFields({ facts = [], vip, doNotCall }: AboutSettings): string[] {
  return [...facts.map(({ field: name }) => name), vip, doNotCall].filter((name): name is string => name !== undefined);
}

// Whatever is written counts as yes but what says no in a CRM's export: who is not to be called must not be called because
// somebody wrote "since March".
function isYes(text: string | undefined): boolean {
  const written = (text ?? '').trim().toLowerCase();
  return written !== '' && !/^(?:0|no|n|false|off|nein|non|-|–)$/.test(written);
}
