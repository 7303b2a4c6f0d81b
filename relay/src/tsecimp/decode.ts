// The bytes of an XML file as text. Windows' editors write UTF-16 as readily as UTF-8, and the declaration in the file is
// then often wrong: a byte order mark goes before what the file says of itself. Nothing is guessed beyond that.
import { TextDecoder } from 'node:util';

const DECLARED = /^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/;
// What the declaration may name; everything else would have to be looked up in tables of somebody else's.
const KNOWN: ReadonlyMap<string, string> = new Map([
  ['utf-8', 'utf-8'],
  ['us-ascii', 'utf-8'],
  ['iso-8859-1', 'windows-1252'],
  ['windows-1252', 'windows-1252'],
]);

/** The text without its byte order mark, or why there is none. */
export function decodeXml(bytes: Uint8Array): { text: string } | { fault: string } {
  const encoding = encodingOf(bytes);
  if ('fault' in encoding) return encoding;
  try {
    return { text: new TextDecoder(encoding.name, { fatal: true }).decode(bytes) };
  } catch {
    // Whatever the decoder objects to: the bytes are not what the file claims.
    return { fault: `the file is not ${encoding.name}, as it says: save it as UTF-8` };
  }
}

function encodingOf(bytes: Uint8Array): { name: string } | { fault: string } {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return { name: 'utf-16le' };
  if (first === 0xfe && second === 0xff) return { name: 'utf-16be' };
  if (first === 0xef && second === 0xbb && third === 0xbf) return { name: 'utf-8' };
  // "<" and the next sign, each in two bytes.
  if (first === 0x3c && second === 0 && fourth === 0) return { name: 'utf-16le' };
  if (first === 0 && second === 0x3c && third === 0) return { name: 'utf-16be' };
  const declared = DECLARED.exec(Buffer.from(bytes.subarray(0, 300)).toString('latin1'))?.[1];
  if (declared === undefined) return { name: 'utf-8' };
  const name = KNOWN.get(declared.toLowerCase());
  return name === undefined ? { fault: `the file is in ${declared}: save it as UTF-8 or UTF-16` } : { name };
}
