import { expect, it } from 'vitest';
import { createLineReader } from '../../../relay/src/pbx/simulator/line-reader.ts';

function linesOf(chunks: Iterable<Buffer>, maxLength?: number): string[] {
  const lines: string[] = [];
  const read = createLineReader((line) => lines.push(line), maxLength);
  for (const chunk of chunks) read(chunk);
  return lines;
}

it('reads the same lines however the bytes are cut', () => {
  const bytes = Buffer.from('{"name":"Jürgen"}\n\n{"name":"Zoë"}\nno end');
  const expected = ['{"name":"Jürgen"}', '{"name":"Zoë"}'];
  expect(linesOf([bytes])).toEqual(expected);
  expect(linesOf([...bytes].map((byte) => Buffer.of(byte)))).toEqual(expected);
});

it('drops a line without end up to its newline and goes on', () => {
  const chunks = ['short\n', 'x'.repeat(30), 'x'.repeat(30), 'tail\nnext\n'].map((text) => Buffer.from(text));
  expect(linesOf(chunks, 20)).toEqual(['short', 'next']);
  expect(linesOf([Buffer.from(`${'x'.repeat(21)}\nnext\n`)], 20)).toEqual(['next']);
});
