// How long the finder takes for a long table and a long mail thread, beside libphonenumber's own finder. Each sample is
// a process of its own, so that the first pass is a first pass; the two take turns.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type FinderPage, mailPage, tablePage } from '../finder-pages.ts';
import type { PassFigures } from '../finder-pass.ts';
import type { Contestant, RowFamily } from '../row.ts';

const PASS = fileURLToPath(new URL('../finder-pass.ts', import.meta.url));
const DIGIT_SCAN = 'bare digit scan';
// Node takes the types out of our sources by a WebAssembly module, and compiles that anew on the side once it has run: on two
// cores every other first pass took twice as long by that. No browser does it. For all contestants alike.
const NO_SIDE_WORK = ['--no-wasm-dynamic-tiering', '--no-wasm-tier-up'];

/** 50,000 cells with 10,000 numbers. */
export const finderTable = speedFamily('finder-table', {
  page: tablePage,
  what: 'a table of 50,000 cells with 10,000 numbers',
});

/** 2.3 MB of mails that quote each other. */
export const finderMail = speedFamily('finder-mail', { page: mailPage, what: 'a mail thread of 2.3 MB' });

function speedFamily(name: string, { page, what }: { page: () => FinderPage; what: string }): RowFamily {
  const reference = 'libphonenumber-js/max, findPhoneNumbersInText for each text';
  return {
    rows: [
      {
        id: `${name}-cold`,
        unit: 'ms',
        ours: `finding the numbers of ${what}, first pass in a new process`,
        reference,
      },
      { id: `${name}-warm`, unit: 'ms', ours: `the same, median of the later passes`, reference },
    ],
    rounds: 7,
    warmUpRounds: 0,
    async open({ say, atEnd }) {
      const folder = await mkdtemp(join(tmpdir(), 'offhook-bench-'));
      atEnd(() => rm(folder, { recursive: true }));
      const { texts, numbers } = page();
      const path = join(folder, 'page.json');
      await writeFile(path, JSON.stringify(texts));
      say(
        `${texts.length} texts, ${texts.reduce((sum, { length }) => sum + length, 0)} characters, ${numbers} numbers`,
      );
      const passing = (finder: string, passes: number) => passesOf({ name, finder, path, passes, numbers });
      return {
        ours: passing('offhook', 40),
        reference: passing('libphonenumber', 2),
        others: { [DIGIT_SCAN]: passing('digits', 40) },
      };
    },
  };
}

function passesOf(options: {
  name: string;
  finder: string;
  path: string;
  passes: number;
  numbers: number;
}): Contestant {
  const { name, finder, path, passes, numbers } = options;
  return async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...NO_SIDE_WORK,
      PASS,
      finder,
      path,
      String(passes),
    ]);
    // The pass is ours, and prints nothing else.
    const { coldMs, warmMs, found } = JSON.parse(stdout) as PassFigures;
    // Whoever finds nothing would come first.
    if (found < numbers * 0.8) throw new Error(`${finder} found ${found} of ${numbers} numbers`);
    return { [`${name}-cold`]: coldMs, [`${name}-warm`]: warmMs };
  };
}
