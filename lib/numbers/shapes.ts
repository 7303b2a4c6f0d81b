// Shapes of digits that are no phone numbers, whatever a phone library says of them: dates, times, amounts, ids.
// A table of patterns over cleaned text (ASCII digits, plain spaces and hyphens); every pattern is linear: what
// repeats is bounded or cannot begin again inside what it has read.

/** A shape and the rule's name under which `explainNumbers` lists it. `isFinal` ones hold even after a phone label. */
export interface Shape {
  rule: string;
  pattern: RegExp;
  isFinal: boolean;
}

const YEAR = '(?:19|20)\\d\\d';
const DAY = '(?:0?[1-9]|[12]\\d|3[01])';
const MONTH = '(?:0?[1-9]|1[0-2])';
const CLOCK = '(?:[01]?\\d|2[0-4])[:.][0-5]\\d(?:[:.][0-5]\\d)?';
const UNIT =
  'px|em|rem|pt|kg|g|mg|km|cm|mm|m|qm|m²|ml|l|kb|mb|gb|tb|kwh|kw|mw|v|w|°c|°|%|stk|stück|pcs|seiten|pages|tage|days|jahre|years|min|std|uhr|h|s|ms';
const MONEY = '€|\\$|£|¥|zł|eur|usd|gbp|chf|pln|inr|aud|cad';

/** In this order; the first that covers a stretch names it. */
export const SHAPES: readonly Shape[] = [
  shape('url', '\\b(?:https?|ftp|file)://[^\\s<>"]+|\\bwww\\.[^\\s<>"]+', { isFinal: true }),
  shape('e-mail', '[\\w.+-]{1,64}@[\\w.-]{2,255}', { isFinal: true }),
  shape('code', '(?<![\\p{L}\\d*#])\\*[*#]?\\d{1,4}(?:\\*\\d{1,20}){0,4}#?(?![\\d-])', { isFinal: true }),
  shape('code', '(?<![\\p{L}\\d*#])##?\\d{1,4}(?:\\*\\d{1,20}){0,4}#', { isFinal: true }),
  shape('uuid', '\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b', { isFinal: true }),
  shape('iban', '\\b[a-z]{2}\\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?\\b', { isFinal: true }),
  shape('hex', '\\b0x[0-9a-f]+\\b', { isFinal: true }),
  shape('ipv6', '(?<![\\w:])[0-9a-f]{1,4}(?::{1,2}[0-9a-f]{1,4}){3,7}(?![\\w:])', { isFinal: true }),
  shape('file', '(?<![\\w-])[\\w-]{1,100}\\.(?:pdf|docx?|xlsx?|csv|txt|png|jpe?g|zip|xml|html?|mp3|wav|eml|msg)\\b', {
    isFinal: true,
  }),
  // A whole date stays one after any label: columns are called "Last contact" or "Call", too.
  shape('date', `(?<![\\d.])${YEAR}[-/.]${MONTH}[-/.]${DAY}(?:[T ]+${CLOCK})?(?![\\d])`, { isFinal: true }),
  shape('date', `(?<![\\d./])${DAY}([./-] ?)${MONTH}\\1${YEAR}(?:,? +${CLOCK})?(?![\\d/-])`, { isFinal: true }),
  shape('date', `(?<![\\d.])${DAY}\\. ?${MONTH}\\.(?: ?${YEAR}|\\d\\d(?!\\d))?(?:,? +${CLOCK})?(?!\\d)`),
  shape('date', `(?<![\\d/])${DAY}[/-]${MONTH}[/-](?:${YEAR}|\\d\\d)(?:,? +${CLOCK})?(?![\\d/-])`),
  shape('date', `(?<![\\d/])${MONTH}/${DAY}/${YEAR}(?:,? +${CLOCK})?(?![\\d/])`),
  shape('date-range', `(?<!\\d)${MONTH}/${YEAR} ?- ?${MONTH}/${YEAR}(?!\\d)`),
  shape('date-range', `(?<!\\d)${YEAR} ?- ?${YEAR}(?![\\d-])`),
  shape('date', `(?<!\\d)${YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])(?:\\.\\d+)?(?!\\d)`),
  shape('year-serial', `(?<![\\d+(/.-])${YEAR}[-/]\\d{5,7}(?![\\d-])`),
  shape('time', `(?<![\\d.:])${CLOCK}(?: ?- ?${CLOCK})?(?: ?(?:uhr|am|pm|h)\\b)?(?![\\d.:/-])`),
  shape('ip', '(?<![\\d.])\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}(?::\\d+)?(?![\\d.])'),
  shape('card', '(?<![\\d+])\\d{4}([ -])\\d{4}\\1\\d{4}\\1\\d{4}(?!\\d)', { isFinal: true }),
  shape('card', '(?<![\\d+])3[47]\\d\\d \\d{6} \\d{5}(?!\\d)', { isFinal: true }),
  shape('imei', '(?<!\\d)\\d{2}-\\d{6}-\\d{6}-\\d(?!\\d)', { isFinal: true }),
  shape('ean', '(?<![\\d+])\\d \\d{6} \\d{6}(?!\\d)'),
  shape('order', '(?<!\\d)\\d{3}-\\d{7}-\\d{7}(?!\\d)', { isFinal: true }),
  shape('bank', '(?<![\\d+])\\d{2}-\\d{2}-\\d{2}(?: +\\d{8})?(?![\\d-])'),
  shape('price', `(?:${MONEY}) ?\\d[\\d .,']{0,24}\\d(?:,-)?`),
  shape('price', `(?<![\\d+(/-])\\d[\\d .,']{0,24}\\d ?(?:${MONEY})(?![\\p{L}])`),
  shape('thousands', "(?<![\\d+.,'])[1-9]\\d{0,2}(?:([.,'])\\d{3})(?:\\1\\d{3})+(?:[.,]\\d{1,2})?(?![\\d-])"),
  shape('decimal', '(?<![\\d.,/+)(-])-?(?:0|[1-9]\\d{0,3})[.,]\\d{2,}(?![\\d.,/ -]{0,24}\\d)'),
  shape('decimal', '-?(?<![\\d.])(?:0|[1-9]\\d{0,2})\\.\\d{3,}(?:, ?-?\\d{1,3}\\.\\d{3,}|(?=\\]))'),
  shape('version', '\\bv ?\\d+(?:\\.\\d+)+', { isFinal: true }),
  shape('measure', `(?<![\\d+(/-])\\d[\\d .,]{0,24}\\d? ?(?:${UNIT})(?![\\p{L}\\d])`),
  shape('arithmetic', '(?<!\\d)\\d{1,12} ?[x*=×] ?\\d{1,12} ?= ?\\d+'),
  shape('repeated', '(?<!\\d)(\\d)\\1{6,}(?!\\d)', { isFinal: true }),
  shape('too-long', '\\d{16,}', { isFinal: true }),
];

function shape(rule: string, source: string, { isFinal = false }: { isFinal?: boolean } = {}): Shape {
  return { rule, pattern: new RegExp(source, 'giu'), isFinal };
}
