// Cuts a byte stream into lines. Halves wait for their rest; a line without end is dropped up to its newline, so that a
// peer that went mad costs one line and never the memory.
import { StringDecoder } from 'node:string_decoder';

const MAX_LINE_LENGTH = 4_194_304;

/** A reader for one stream: hand it the chunks as they come, it hands on complete lines without their newline. */
export function createLineReader(onLine: (line: string) => void, maxLength = MAX_LINE_LENGTH): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let isSkipping = false;

  return (chunk) => {
    const parts = `${rest}${decoder.write(chunk)}`.split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      if (!isSkipping && part.length <= maxLength && part.trim() !== '') onLine(part);
      isSkipping = false;
    }
    if (rest.length > maxLength) {
      rest = '';
      isSkipping = true;
    }
  };
}
