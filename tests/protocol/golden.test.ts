// Frames of every released version, frozen: this side reads what they said, and they stay readable. The folder `future`
// holds frames of versions that do not exist yet, each with the reading that keeps an old side working.
// A frozen frame is never edited; a change that breaks one needs another subprotocol.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COMMANDS, MESSAGE_TYPES, readClientMessage, readServerMessage } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../fixtures/protocol/', import.meta.url));
const versions = readdirSync(folder).filter((name) => /^\d/.test(name));

interface Fixture {
  name: string;
  frame: { type: string; name?: string };
}

function framesIn(path: string): Fixture[] {
  return readdirSync(`${folder}${path}`).map((name) => {
    return { name, frame: JSON.parse(readFileSync(`${folder}${path}/${name}`, 'utf8')) };
  });
}

describe.each(versions)('frames of %s', (version) => {
  test.each(framesIn(`${version}/server`))('the extension reads $name and loses nothing', ({ frame }) => {
    expect(readServerMessage(JSON.stringify(frame))).toEqual(frame);
  });

  test.each(framesIn(`${version}/client`))('the relay reads $name and loses nothing', ({ frame }) => {
    expect(readClientMessage(JSON.stringify(frame))).toEqual({ ok: true, message: frame });
  });

  test.each(['server', 'client'] as const)('what was read is written again as the same frame (%s)', (direction) => {
    for (const { frame } of framesIn(`${version}/${direction}`)) {
      const read = direction === 'server' ? readServerMessage : readClientMessage;
      const once = read(JSON.stringify(frame));
      const message = once && 'ok' in once && once.ok ? once.message : once;
      expect(JSON.parse(JSON.stringify(message))).toEqual(frame);
    }
  });
});

describe('frames of 0.1.0', () => {
  test('hold every message type and every command', () => {
    const client = framesIn('0.1.0/client').map(({ frame }) => frame);
    const server = framesIn('0.1.0/server').map(({ frame }) => frame);
    const first = { server: ['challenge', 'enrolled', 'welcome', 'snapshot', 'delta', 'result', 'heartbeat', 'bye'] };
    expect(server.map(({ type }) => type)).toEqual(expect.arrayContaining(first.server));
    expect(new Set(client.flatMap(({ name }) => name ?? []))).toEqual(new Set(COMMANDS));
    expect(MESSAGE_TYPES.server).toEqual(expect.arrayContaining(server.map(({ type }) => type)));
    expect(MESSAGE_TYPES.client).toEqual(expect.arrayContaining(client.map(({ type }) => type)));
  });
});

describe('frames from the future', () => {
  const future = readdirSync(`${folder}future`).map((name) => {
    // Our own files, checked by the assertions below.
    const content = JSON.parse(readFileSync(`${folder}future/${name}`, 'utf8')) as {
      direction: 'server' | 'client';
      frame: unknown;
      reads: object | null;
    };
    return { name, ...content };
  });

  test.each(future)('$name is read as documented', ({ direction, frame, reads }) => {
    const text = JSON.stringify(frame);
    if (direction === 'server') {
      expect(readServerMessage(text)).toEqual(reads ?? undefined);
      return;
    }
    const { reason, ...answer } = { reason: '', ...readClientMessage(text) };
    expect(answer).toEqual(reads);
    expect(reason === '').toBe('ok' in answer && answer.ok);
  });
});
