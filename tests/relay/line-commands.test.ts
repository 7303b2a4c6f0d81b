// What `relay lines accept` takes over: what was named, and never what only has the same number elsewhere.
import { expect, it } from 'vitest';
import { lineHandlers } from '../../relay/src/line-commands.ts';
import type { LineDifference } from '../../relay/src/line-keeper.ts';

const difference = (pbxId: string, extension: string, more: Partial<LineDifference> = {}): LineDifference => ({
  ...{ pbxId, change: 'new', line: { lineKey: extension, extension, name: `Line ${extension}` } },
  ...more,
});
const FOUND = [
  difference('main', '18'),
  difference('main', '19'),
  difference('other', '18'),
  difference('other', '20', { change: 'renamed', now: { lineKey: '20', extension: '21', name: 'Line 21' } }),
];

async function accept(lines?: string[]): Promise<string[]> {
  const accepted: LineDifference[] = [];
  const { acceptLines } = lineHandlers({
    lineKeeper: {
      differences: () => FOUND,
      async accept(differences) {
        accepted.push(...differences);
      },
      named: () => [],
    },
  });
  const signal = new AbortController().signal;
  await acceptLines(lines === undefined ? {} : { lines }, { emit: () => undefined, signal } as never); // it only emits
  return accepted.map(({ pbxId, line }) => `${pbxId}/${line.extension}`);
}

it('an extension that differs at one phone system alone is enough', async () => {
  expect(await accept(['19', '21'])).toEqual(['main/19', 'other/20']);
  expect(await accept()).toHaveLength(4);
});

it('an extension that differs at two, which may be two companies, is asked back, and nothing is taken over', async () => {
  await expect(accept(['19', '18'])).rejects.toThrow('18 differs at several phone systems: say main/18 or other/18');
  expect(await accept(['other/18', 'main/19', 'other/21'])).toEqual(['main/19', 'other/18', 'other/20']);
});

it('what differs nowhere is said to', async () => {
  await expect(accept(['99'])).rejects.toThrow('nothing differs at 99');
});
