// Which part of a record is what: as the configuration says, else guessed from the names that the source gives its parts.
// The same rules for the columns of a file, a query's columns, an entry's attributes and the paths of an object.
import * as v from 'valibot';
import { type Field, fieldsOf, isFax, labelOf } from './csv-header.ts';
import type { RecordNumber, SourceRecord } from './record.ts';
import type { FieldMapping } from './source.ts';

const name = v.pipe(v.string(), v.minLength(1, 'is empty'), v.maxLength(256, 'is longer than 256 characters'));
const names = v.union([name, v.array(name)], 'should be a name or a list of names');

/** The key `fields` of a source. `numbers` says how each number is called, `''` for nothing more than "phone". */
export const FieldsSchema = v.strictObject({
  id: v.optional(name),
  name: v.optional(names),
  firstName: v.optional(name),
  lastName: v.optional(name),
  company: v.optional(names),
  url: v.optional(name),
  email: v.optional(names),
  numbers: v.optional(
    v.union(
      [v.record(name, v.pipe(v.string(), v.maxLength(64))), v.array(name)],
      'should be a block such as {telephoneNumber: Office}, or a list of names',
    ),
  ),
});

/** What the configuration says about the parts of a record. */
export type FieldNames = v.InferOutput<typeof FieldsSchema>;

/** One part of a record. */
export interface Part {
  title: string;
  field: Field;
  label?: string | undefined;
  isFax: boolean;
}

const SINGLE = ['id', 'name', 'firstName', 'lastName', 'company', 'url', 'email'] as const;

/** The parts by the titles of a table; what the configuration names goes before what is guessed. */
export function partsOf(titles: readonly string[], told: FieldNames = {}): Part[] {
  const guessed = fieldsOf(titles);
  const toldParts = namedParts(told);
  const isTold = (field: Field) => toldParts.some((part) => part.field === field);
  return titles.map((title, place) => {
    const named = toldParts.find((part) => part.title.toLowerCase() === title.trim().toLowerCase());
    if (named) return named;
    const field = guessed[place] ?? 'ignored';
    return { title, field: isTold(field) ? 'ignored' : field, label: labelOf(title), isFax: isFax(title) };
  });
}

/** The parts that the configuration names, in its order. */
export function namedParts(told: FieldNames): Part[] {
  const singles = SINGLE.flatMap((field) => listOf(told[field]).map((title): Part => ({ title, field, isFax: false })));
  return [...singles, ...numberParts(told.numbers ?? [])];
}

function numberParts(numbers: NonNullable<FieldNames['numbers']>): Part[] {
  const entries: [string, string | undefined][] = Array.isArray(numbers)
    ? numbers.map((title) => [title, undefined])
    : Object.entries(numbers);
  return entries.map(([title, told]) => {
    const label = told === undefined ? labelOf(title) : labelOf(told);
    return { title, field: 'number', label, isFax: isFax(told ?? '') || isFax(title) };
  });
}

function listOf(names: string | string[] | undefined): string[] {
  if (names === undefined) return [];
  return typeof names === 'string' ? [names] : names;
}

/** For whoever sets up a source. */
export function mappingOf(parts: readonly Part[]): FieldMapping[] {
  return parts.map(({ title, field, label }) => ({ title, field, ...(label !== undefined && { label }) }));
}

/**
 * A record by its parts. `valuesOf` answers all values of the part at this place, none where the record lacks it; `fieldOf`
 * how the part is called in words about faults.
 */
export function recordOf(
  where: Pick<SourceRecord, 'line' | 'place' | 'key'>,
  parts: readonly Part[],
  values: {
    of(place: number): readonly string[];
    fieldOf(place: number): string;
    get(name: string): string | undefined;
  },
): SourceRecord {
  const all = parts.map((_part, place) => values.of(place));
  const textsOf = (field: Field) => parts.flatMap((part, place) => (part.field === field ? (all[place] ?? []) : []));
  const first = (field: Field) => textsOf(field).find((text) => text.trim() !== '') ?? '';
  const numbers = parts.flatMap(({ field, label, isFax: fax }, place): RecordNumber[] =>
    field === 'number'
      ? (all[place] ?? []).map((text) => ({ text, field: values.fieldOf(place), label, isFax: fax }))
      : [],
  );
  return {
    ...where,
    id: first('id'),
    name: first('name'),
    firstName: first('firstName'),
    lastName: first('lastName'),
    company: first('company'),
    url: first('url'),
    emails: textsOf('email'),
    numbers,
    isEmpty: all.every((texts) => texts.every((text) => text.trim() === '')),
    get: values.get,
  };
}
