// Takes over the tour's pictures for the README, those alone that look different: a picture that differs in a second
// counter or a time of day is not worth a commit.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

/** Share of pixels that may differ before a picture counts as another one: clocks and durations stay below it. */
const VISIBLE_SHARE = 0.004;

/** A picture of the tour, `of` a step and a view (`'chip-crm'`), and the name under which it is kept. */
export interface KeptPicture {
  scheme: 'light' | 'dark';
  of: string;
  name: string;
}

/** Copies each picture of the tour in `from` that differs visibly from the one in `to`; answers the names copied. */
export function keepPictures(pictures: readonly KeptPicture[], { from, to }: { from: string; to: string }): string[] {
  mkdirSync(to, { recursive: true });
  return pictures.flatMap(({ scheme, of, name }) => {
    const dir = join(from, scheme);
    const file = readdirSync(dir).find((path) => path.endsWith(`-${of}.png`));
    if (file === undefined) throw new Error(`the tour took no picture of ${of}`);
    if (!isDifferent(join(dir, file), join(to, name))) return [];
    copyFileSync(join(dir, file), join(to, name));
    return [name];
  });
}

function isDifferent(path: string, before: string): boolean {
  if (!existsSync(before)) return true;
  const [now, then] = [path, before].map((file) => PNG.sync.read(readFileSync(file)));
  if (!now || !then || now.width !== then.width || now.height !== then.height) return true;
  const { width, height } = now;
  const pixels = pixelmatch(now.data, then.data, undefined, width, height, { threshold: 0.1 });
  return pixels / (width * height) > VISIBLE_SHARE;
}
