// Where the chip stands.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { corner, placeCard, placeChip } from '#lib/page/place.ts';

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

describe('placeCard', () => {
  const CARD = { width: 300, height: 240 };

  test('right of the number with its first line beside it', () => {
    expect(placeCard([box(100, 100)], CARD, VIEW)).toEqual({ x: 206, y: 94, height: 240 });
  });

  test('below, else above where there is no room beside it', () => {
    expect(placeCard([box(600, 100, 300)], CARD, VIEW)).toEqual({ x: 600, y: 124, height: 240 });
    expect(placeCard([box(600, 500, 300)], CARD, VIEW)).toEqual({ x: 600, y: 254, height: 240 });
  });

  test('lower than it is where no place is as tall', () => {
    expect(placeCard([box(100, 60)], CARD, { width: 1000, height: 200 })).toEqual({ x: 206, y: 4, height: 192 });
    expect(placeCard([box(10, 10, 290)], CARD, { width: 320, height: 200 })).toEqual({ x: 10, y: 34, height: 162 });
  });

  test('nowhere rather than over the number, or as a mere strip', () => {
    expect(placeCard([], CARD, VIEW)).toBeUndefined();
    expect(placeCard([box(10, 60, 290)], CARD, { width: 320, height: 140 })).toBeUndefined();
    expect(placeCard([box(10, 10, 100)], CARD, { width: 260, height: 600 })).toBeUndefined();
  });

  test('never over the number and always inside the window', () => {
    const places = fc.tuple(fc.nat(900), fc.nat(590), fc.integer({ min: 1, max: 400 }));
    const views = fc.tuple(fc.integer({ min: 200, max: 1400 }), fc.integer({ min: 100, max: 900 }));
    fc.assert(
      fc.property(places, views, ([left, top, width], [viewWidth, viewHeight]) => {
        const number = box(left, top, width);
        const at = placeCard([number], CARD, { width: viewWidth, height: viewHeight });
        if (!at) return;
        const { x, y, height } = at;
        const isOver = x < number.right && x + 300 > number.left && y < number.bottom && y + height > number.top;
        expect([isOver, x >= 0, y >= 0, x + 300 <= viewWidth, y + height <= viewHeight]).toEqual([
          false,
          true,
          true,
          true,
          true,
        ]);
      }),
    );
  });
});
