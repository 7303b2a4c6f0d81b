// The rows of the relay at a size that costs seconds: processes start, clients sign in, everything is delivered and counted,
// each row gets its figures. No times are judged here.
import { expect, test } from 'vitest';
import { measure } from '../bench/measure.ts';
import type { RowFamily } from '../bench/row.ts';
import { fewContactImports } from '../bench/rows/contact-import.ts';
import { contactFamily } from '../bench/rows/contact-lookup.ts';
import { fanOutFamily } from '../bench/rows/fan-out.ts';
import { journalFamily } from '../bench/rows/journal-search.ts';
import { resumeFamily } from '../bench/rows/resume.ts';

const LIMIT_MS = 120_000;

async function figuresOf(family: RowFamily): Promise<Record<string, string | number[]>> {
  const ids = family.rows.map(({ id }) => id);
  const outcomes = await measure(family, { ids, say: () => undefined });
  return Object.fromEntries(
    outcomes.map((outcome) => {
      return [
        outcome.row.id,
        outcome.type === 'failed' ? outcome.why : [outcome.ours.median, outcome.reference.median],
      ];
    }),
  );
}

const isFigure = (figure: string | number[] | undefined) =>
  Array.isArray(figure) && figure.every((number) => Number.isFinite(number));

test(
  'fan-out: relay, ws and socket.io deliver every event to every watcher',
  async () => {
    const warmUp = { events: 10, perSecond: 100 };
    const size = { agents: 24, watchers: 4, eventsPerSecond: 100, windowMs: 100, turns: 2, rounds: 1, warmUp };
    const figures = await figuresOf(fanOutFamily(size));
    expect(Object.entries(figures).filter(([, figure]) => !isFigure(figure))).toEqual([]);
    expect(Object.keys(figures)).toEqual(['fanout-cpu', 'fanout-p99', 'fanout-memory']);
  },
  LIMIT_MS,
);

test.each([
  ['resume-5000', resumeFamily({ agents: 40, rounds: 1 })],
  ['contact-lookup', contactFamily({ contacts: 2_000, lookups: 50, rounds: 1 })],
  ['journal-search', journalFamily({ calls: 2_000, agents: 40, rounds: 1 })],
  ...fewContactImports.map((family): [string, RowFamily] => [family.rows[0]?.id ?? '', family]),
])(
  '%s gets its figures',
  async (id, family) => {
    const figures = await figuresOf(family);
    expect(isFigure(figures[id]), JSON.stringify(figures)).toBe(true);
  },
  LIMIT_MS,
);
