// An order → the one line of text that TAPIMaster takes for it. Pure. Whatever comes in, nothing leaves here but a known verb
// and tokens of [+0-9*#]: no blank, no line end and no letter of anybody's ever gets into a command.
// Source: TAPIMaster's manual, IP interface, in its German edition (`Forward 100 *`, `Forward 100`).
import type { DriverOrder } from '../driver.ts';
import type { TapiMasterOptions } from './options.ts';

/** The line without its end; undefined for what TAPIMaster has no word for. */
export function lineFor(
  { order, dialString }: DriverOrder,
  { own, other }: { own: string; other?: string | undefined },
): string | undefined {
  if (!isExtension(own)) return undefined;
  switch (order.name) {
    case 'makeCall':
      return withNumber('MakeCall', own, dialString);
    case 'redirect':
      return withNumber('Redirect', own, dialString);
    case 'setForward':
      // There is one kind of forward.
      if (order.args.when !== 'all') return undefined;
      return order.args.to === null ? `Forward ${own}` : withNumber('Forward', own, dialString);
    case 'setDnd':
      return order.args.on ? `Forward ${own} *` : `Forward ${own}`;
    case 'pickup':
      return other !== undefined && isExtension(other) ? `Pickup ${own} ${other}` : undefined;
    case 'answer':
      return `Answer ${own}`;
    case 'drop':
      return `Drop ${own}`;
    case 'toggle':
      return `Toggle ${own}`;
    case 'transfer':
      return `Transfer ${own}`;
    case 'conference':
      return `Conference ${own}`;
    case 'hold':
    case 'retrieve':
    case 'sendDtmf':
      return undefined;
    default:
      return order satisfies never;
  }
}

/** The line as bytes, with its end. Throws a RangeError for a character that the encoding does not have. */
export function encodeLine(
  line: string,
  { terminator, encoding }: Pick<TapiMasterOptions, 'terminator' | 'encoding'>,
): Buffer {
  // Everything that is ever said is ASCII, whose bytes are the same in windows-1252.
  if (!/^[ -~]*$/.test(line)) throw new RangeError('a command has a character that no command has');
  const text = `${line}${{ crlf: '\r\n', lf: '\n', cr: '\r', none: '' }[terminator]}`;
  return Buffer.from(text, encoding === 'utf-16le' ? 'utf16le' : 'latin1');
}

/** What came back, for the log: one line, without its digits, since they may be somebody's number. */
export function replyForLog(bytes: Buffer, { encoding }: Pick<TapiMasterOptions, 'encoding'>): string {
  const text = bytes.toString(encoding === 'utf-16le' ? 'utf16le' : 'latin1', 0, 200);
  return text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(/[0-9]/g, '#')
    .trim();
}

/** Whether a text can stand for a line in a command. */
export function isExtension(text: string): boolean {
  return /^(?=.*[0-9])[0-9*#]{1,15}$/.test(text);
}

// A lone star behind Forward would mean something else.
function withNumber(verb: string, own: string, dialString: string | undefined): string | undefined {
  return dialString !== undefined && /^(?=.*[0-9])[+0-9*#]{1,32}$/.test(dialString)
    ? `${verb} ${own} ${dialString}`
    : undefined;
}
