// Pictures of views as files: read, compared, and written small. A view has few colours, so a file holds indices into a
// palette; what a palette has no room for is drawn in the nearest colour that it has.
import { crc32, deflateSync } from 'node:zlib';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

export interface Picture {
  width: number;
  height: number;
  /** Four bytes a pixel: red, green, blue, opacity. */
  data: Uint8Array;
}

export type Comparison =
  | { type: 'same' }
  | { type: 'size'; words: string }
  | { type: 'different'; pixels: number; diff: Picture };

/** A pixel differs when its colour is further away than this, of 1: a step that one can see side by side. */
const COLOUR_STEP = 0.03;
/** Fewer than this are a rounding of the machine's; the smallest thing of ours, a dot of 7 px, has more. */
const MAX_DIFFERENT_PIXELS = 20;
/** The format's own limit. */
const MAX_COLOURS = 256;
/** Colours that fill so much that they are kept as they are. */
const SURFACES = 24;
/** Shades of text that are nearer than this to one that is kept tell nothing more. */
const SHADE = 28;

/** Reads a PNG. */
export function readPicture(file: Uint8Array): Picture {
  const { width, height, data } = PNG.sync.read(Buffer.from(file));
  return { width, height, data };
}

/** Whether a picture shows the same as a kept one. */
export function comparePictures(expected: Picture, found: Picture): Comparison {
  const { width, height } = expected;
  // With as few colours as the kept one has.
  const actual = readPicture(writePicture(found));
  if (width !== actual.width || height !== actual.height) {
    return { type: 'size', words: `${actual.width}×${actual.height} instead of ${width}×${height}` };
  }
  const diff: Picture = { width, height, data: new Uint8Array(width * height * 4) };
  const pixels = pixelmatch(expected.data, actual.data, diff.data, width, height, { threshold: COLOUR_STEP });
  return pixels > MAX_DIFFERENT_PIXELS ? { type: 'different', pixels, diff } : { type: 'same' };
}

/** A PNG with a palette. */
export function writePicture({ width, height, data }: Picture): Buffer {
  const colours = coloursOf(data);
  const palette = paletteOf(colours);
  const indexOf = new Map([...colours.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      rows[y * (width + 1) + 1 + x] = indexOf.get(colourAt(data, y * width + x)) ?? 0;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a pixel, indices into a palette; the rest is the format's only choice.
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(partsOf))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

// The surfaces as they are, however near to each other; of the shades between them what is not nearly another one, so
// that a dot in a colour of its own finds room.
function paletteOf(colours: ReadonlyMap<number, number>, shade = SHADE): number[] {
  const palette: number[] = [];
  for (const [colour] of [...colours].sort(([, a], [, b]) => b - a)) {
    const isSurface = palette.length < SURFACES;
    if (isSurface || palette.every((one) => distance(one, colour) > shade ** 2)) palette.push(colour);
  }
  return palette.length > MAX_COLOURS ? paletteOf(colours, shade * 1.5) : palette;
}

/** Colour as one number → how many pixels have it. */
function coloursOf(data: Uint8Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (let pixel = 0; pixel < data.length / 4; pixel += 1) {
    const colour = colourAt(data, pixel);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return counts;
}

function colourAt(data: Uint8Array, pixel: number): number {
  const [red = 0, green = 0, blue = 0] = data.subarray(pixel * 4, pixel * 4 + 3);
  return (red << 16) | (green << 8) | blue;
}

function partsOf(colour: number): [red: number, green: number, blue: number] {
  return [colour >> 16, (colour >> 8) & 0xff, colour & 0xff];
}

function nearest(palette: readonly number[], colour: number): number {
  const distances = palette.map((one) => distance(one, colour));
  return distances.indexOf(Math.min(...distances));
}

/** Squared. */
function distance(one: number, other: number): number {
  const [a, b] = [partsOf(one), partsOf(other)];
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
}

function chunk(name: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
