// `relay log level`: raises what one part of the running relay logs, for a while. It falls back by itself.
import { defineCommand } from 'citty';
import type { ControlItem } from '../control-commands.ts';
import { LOG_LEVELS, LOG_PARTS } from '../log-levels.ts';
import { durationOf } from './duration.ts';
import { askRelay, CliError, inWords, jsonArg, placeArgs, print } from './terminal.ts';

const MOST_MS = 24 * 3_600_000;
const PARTS = [...LOG_PARTS, 'all'] as const;

const levelCommand = defineCommand({
  meta: { name: 'level', description: 'How much each part logs; with PART and LEVEL: raise it for a while' },
  args: {
    part: { type: 'positional', description: PARTS.join(', '), required: false },
    level: { type: 'positional', description: LOG_LEVELS.join(', '), required: false },
    for: { type: 'string', description: 'Until it falls back by itself', default: '10m', valueHint: '10m' },
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const show = (levels: Levels) => print(args, levels, levelsText);
    if (args.part === undefined) return await askRelay(args, 'logLevels', {}, show);
    const part = chosen('part', args.part, PARTS);
    const level = chosen('level', args.level ?? '', LOG_LEVELS);
    await askRelay(args, 'raiseLog', { part, level, forMs: durationOf('--for', args.for, MOST_MS) }, show);
  }),
});

/** `relay log …` */
export const logCommand = defineCommand({
  meta: { name: 'log', description: 'What the running relay logs' },
  subCommands: { level: levelCommand },
});

type Levels = ControlItem<'logLevels'>;

function levelsText({ usual, raised }: Levels): string {
  const parts = raised.map(({ part, level, endsAt }) => `${part}: ${level} until ${endsAt.slice(11, 19)} UTC`);
  return [`usual: ${usual}`, ...parts].join('\n');
}

function chosen<Word extends string>(what: string, text: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new CliError(
    text === '' ? `name a ${what}: ${words.join(', ')}` : `${text} is no ${what}: ${words.join(', ')}`,
  );
}
