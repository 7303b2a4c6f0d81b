// docs/protocol.md shows what the schemas say: every example is read by the real readers and loses nothing, and every
// message, command and close code has its place on the page.
import { readFileSync } from 'node:fs';
import { CLOSE_CODES, COMMANDS, MESSAGE_TYPES, readClientMessage, readServerMessage } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';

interface Example {
  type: string;
  direction: 'server' | 'client';
  json: string;
}

const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
const examples = examplesOf(page);

describe('docs/protocol.md', () => {
  test.each(examples.map((example, at) => ({ ...example, at })))(
    'example $at ($type, $direction) is read and loses nothing',
    ({ type, direction, json }) => {
      const written: unknown = JSON.parse(json);
      expect(written).toMatchObject({ type });
      if (direction === 'server') expect(readServerMessage(json)).toEqual(written);
      else expect(readClientMessage(json)).toEqual({ ok: true, message: written });
    },
  );

  test.each(['server', 'client'] as const)('every %s message has an example', (direction) => {
    const shown = examples.filter((example) => example.direction === direction).map(({ type }) => type);
    expect(new Set(shown)).toEqual(new Set(MESSAGE_TYPES[direction]));
  });

  test('every command has an example', () => {
    const shown = examples.filter(({ type }) => type === 'command').map(({ json }) => JSON.parse(json).name);
    expect(new Set(shown)).toEqual(new Set(COMMANDS));
  });

  test('the table of close codes is that of the code', () => {
    const rows = [...page.matchAll(/^\| (4\d{3}) \| `([a-z-]+)` \|$/gm)].map(([, close, code]) => [
      code,
      Number(close),
    ]);
    expect(Object.fromEntries(rows)).toEqual(CLOSE_CODES);
  });

  test('no json block stands outside a message', () => {
    expect(examples).toHaveLength(page.match(/^```json$/gm)?.length ?? 0);
  });
});

function examplesOf(text: string): Example[] {
  return text.split(/^### /m).flatMap((section) => {
    const heading = /^([a-z-]+) \((server|client)\)$/m.exec(section.split('\n')[0] ?? '');
    const [, type, direction] = heading ?? [];
    if (type === undefined || (direction !== 'server' && direction !== 'client')) return [];
    return [...section.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, json = '']) => ({ type, direction, json }));
  });
}
