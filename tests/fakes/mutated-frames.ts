// Frames of the protocol with damage that a seed chooses: mild enough that some are still read, so that what stands behind
// the first check is tried, too.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type Random = (below: number) => number;

/** xorshift32: the same numbers again for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** The frozen frames of 0.1.0 in one direction, as text. */
export function goldenFrames(direction: 'client' | 'server'): string[] {
  const folder = fileURLToPath(new URL(`../fixtures/protocol/0.1.0/${direction}/`, import.meta.url));
  return readdirSync(folder).map((name) => JSON.stringify(JSON.parse(readFileSync(folder + name, 'utf8'))));
}

const TOKENS = ['null', '-1', '1e308', '"', '\\u0000', '{}', '[]', 'true', '"__proto__":', ',', '"type":"ping",', '٣'];

/** The frame with one to three changes. */
export function mutated(frame: string, random: Random): string {
  let text = frame;
  for (let times = 1 + random(3); times > 0; times -= 1) {
    const at = random(text.length + 1);
    const length = random(8);
    const kind = random(5);
    if (kind === 0) text = text.slice(0, at) + text.slice(at + length);
    else if (kind === 1) text = text.slice(0, at) + (TOKENS[random(TOKENS.length)] ?? '') + text.slice(at);
    else if (kind === 2) text = text.slice(0, at) + String.fromCharCode(random(0x250)) + text.slice(at + 1);
    else if (kind === 3) text = text.slice(0, at) + text.slice(at, at + length).repeat(2) + text.slice(at + length);
    else text = text.replace(/\d+/, String(random(2 ** 31)));
  }
  return text;
}
