// How a TAPIMaster is reached, as the administrator says it. Much of its interface is documented nowhere (line ends,
// encoding, answers, whether a connection stays open): so all of that can be set, and the presets are what its examples show.
import * as v from 'valibot';

const seconds = (least: number, most: number) => v.pipe(v.number(), v.minValue(least), v.maxValue(most));
const extension = v.pipe(
  v.string('should be a text in quotes, such as "100"'),
  v.regex(/^(?=.*[0-9])[0-9*#]{1,15}$/, 'should be an extension such as "100"'),
);

/** The keys of `options` for a phone system of kind `tapimaster`, without `with`. */
export const tapiMasterEntries = {
  mode: v.optional(v.picklist(['tcp', 'udp', 'http', 'file']), 'tcp'),
  host: v.optional(v.pipe(v.string(), v.minLength(1, 'is empty')), '127.0.0.1'),
  port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)), 2503),
  folder: v.optional(v.pipe(v.string(), v.minLength(1, 'is empty'))),
  terminator: v.optional(v.picklist(['crlf', 'lf', 'cr', 'none']), 'crlf'),
  encoding: v.optional(v.picklist(['windows-1252', 'ascii', 'utf-16le']), 'windows-1252'),
  keepOpen: v.optional(v.boolean(), false),
  connectSeconds: v.optional(seconds(0.1, 60), 3),
  replySeconds: v.optional(seconds(0, 10), 1.5),
  checkSeconds: v.optional(seconds(1, 3_600), 30),
  assumeSeconds: v.optional(seconds(5, 3_600), 60),
  lines: v.optional(
    v.pipe(
      v.array(v.strictObject({ extension, name: v.optional(v.string(), '') })),
      v.maxLength(10_000),
      v.check((lines) => new Set(lines.map((line) => line.extension)).size === lines.length, 'has an extension twice'),
    ),
    [],
  ),
};

export const TapiMasterOptionsSchema = v.strictObject(tapiMasterEntries);
export type TapiMasterOptions = v.InferOutput<typeof TapiMasterOptionsSchema>;

/** What is missing in options whose keys are right one by one, in words that fit behind the key; undefined if nothing. */
export function optionsFault(
  { mode, folder, lines }: TapiMasterOptions,
  other: { hasEvents: boolean },
): { key: 'folder' | 'lines'; message: string } | undefined {
  if (mode === 'file' && folder === undefined)
    return { key: 'folder', message: 'is missing: mode file writes into it' };
  if (!other.hasEvents && lines.length === 0) {
    return {
      key: 'lines',
      message: 'is missing: TAPIMaster tells of no lines, so name them, or say with what it is combined',
    };
  }
  return undefined;
}
