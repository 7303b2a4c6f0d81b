// A relay with a fault planted in its source: proof that a check finds what it is there to find. The fault is a change of
// text that must fit exactly once, so that it is never silently absent after the source has changed.
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

/** A text of `relay/src/<file>` and what stands there instead. */
export interface Planted {
  file: string;
  text: string;
  instead: string;
}

/** Copies the relay into `dir` with the faults in it; answers the file to run. Throws when a text is not there once. */
export function plantedRelay(dir: string, faults: readonly Planted[]): string {
  const relay = join(dir, 'relay');
  mkdirSync(relay, { recursive: true });
  cpSync(join(ROOT, 'relay', 'src'), join(relay, 'src'), { recursive: true });
  cpSync(join(ROOT, 'relay', 'package.json'), join(relay, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
  for (const { file, text, instead } of faults) {
    const path = join(relay, 'src', file);
    const parts = readFileSync(path, 'utf8').split(text);
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times what is to be changed: ${text}`);
    writeFileSync(path, parts.join(instead));
  }
  return join(relay, 'src', 'main.ts');
}
