// Where the chip stands.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { corner, placeChip } from '#lib/page/place.ts';

const VIEW = { width: 1000, height: 600 };
const CHIP = { width: 80, height: 24 };
const box = (left: number, top: number, width = 100, height = 18) => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});

describe('placeChip', () => {
  test('right of the number, in the middle of its line', () => {
    expect(placeChip([box(100, 100)], CHIP, VIEW)).toEqual({ x: 206, y: 97 });
  });

  test('below where the line ends at the window’s edge, above at the bottom', () => {
    expect(placeChip([box(880, 100)], CHIP, VIEW)).toEqual({ x: 900, y: 124 });
    expect(placeChip([box(880, 575)], CHIP, VIEW)).toEqual({ x: 900, y: 545 });
  });

  test('after the last line of a number that runs over two', () => {
    expect(placeChip([box(900, 100, 90), box(20, 118, 40)], CHIP, VIEW)).toEqual({ x: 66, y: 115 });
  });

  test('nowhere for a number that is not shown or fills the window', () => {
    expect(placeChip([], CHIP, VIEW)).toBeUndefined();
    expect(placeChip([box(0, 0, 1000, 600)], CHIP, VIEW)).toBeUndefined();
  });

  test('never over the number and always inside the window', () => {
    const boxes = fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 990 }), fc.integer({ min: 0, max: 590 }), fc.integer({ min: 1, max: 400 }))
        .map(([left, top, width]) => box(left, top, width)),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(boxes, (lines) => {
        const at = placeChip(lines, CHIP, VIEW);
        if (!at) return;
        expect(at.x >= 0 && at.y >= 0 && at.x + 80 <= 1000 && at.y + 24 <= 600).toBe(true);
        for (const line of lines) {
          const isApart = at.x >= line.right || at.x + 80 <= line.left || at.y >= line.bottom || at.y + 24 <= line.top;
          expect(isApart).toBe(true);
        }
      }),
    );
  });
});

describe('corner', () => {
  test('is inside the window', () => {
    expect(corner(CHIP, VIEW)).toEqual({ x: 904, y: 560 });
  });
});
