import type { UnitBox } from '../model.ts';

export interface RegionPolicy {
  /** Width of the picture over its height. */
  readonly aspect: number;
  /** More regions than this cost more than the whole picture tells. */
  readonly most: number;
}

/** What must be in a region is in the middle of a square so many times as large: a model knows things by what is around them. */
const context = 1.8;
/** The least side of a region, in heights of the picture: what is enlarged further shows no more. */
const leastSide = 0.4;
/** So much around a thing must be in its region, in parts of the thing. */
const margin = 0.1;
/** Regions that cover more than this part of the picture are not cheaper than all of it. */
const mostCovered = 0.8;
/** With more to look at than this it is everywhere. */
const mostBoxes = 32;

/**
 * Square regions of the picture, square in pixels, so that each of the boxes lies in one of them; undefined when only the
 * whole picture holds them.
 */
export function regionsAround(boxes: readonly UnitBox[], policy: RegionPolicy): readonly UnitBox[] | undefined {
  if (boxes.length > mostBoxes) return undefined;
  let wholes = boxes.map((box) => inPicture(box));
  for (let pair = nextPair(wholes, policy); pair; pair = nextPair(wholes, policy)) {
    const { one, other } = pair;
    wholes = [...wholes.filter((each) => each !== one && each !== other), union(one, other)];
  }
  const squares = wholes.map((box) => squareAround(box, policy.aspect));
  const regions = squares.filter((square) => square !== undefined);
  const isAll = regions.length < wholes.length || regions.length > policy.most;
  const covered = regions.reduce((sum, { width, height }) => sum + width * height, 0);
  return isAll || covered > mostCovered ? undefined : regions;
}

interface Pair {
  readonly one: UnitBox;
  readonly other: UnitBox;
  readonly side: number;
}

/** The two that are best looked at together: their regions overlap, or there are too many and theirs would be the smallest. */
function nextPair(boxes: readonly UnitBox[], { aspect, most }: RegionPolicy): Pair | undefined {
  const squares = boxes.map((box) => squareAround(box, aspect));
  const pairs = boxes.flatMap((one, index) =>
    boxes.slice(index + 1).flatMap((other, offset): Pair[] => {
      const together = squareAround(union(one, other), aspect);
      const isNear = boxes.length > most || overlap(squares[index], squares[index + 1 + offset]);
      return together && isNear ? [{ one, other, side: together.height }] : [];
    }),
  );
  return pairs.toSorted((one, other) => one.side - other.side)[0];
}

/** Undefined when no square of the picture holds it. */
function squareAround(box: UnitBox, aspect: number): UnitBox | undefined {
  const longest = Math.max(box.width * aspect, box.height);
  const mostSide = Math.min(1, aspect);
  if (longest * (1 + margin) > mostSide) return undefined;
  const side = Math.min(mostSide, Math.max(leastSide, longest * context));
  const [width, height] = [side / aspect, side];
  return {
    x: within(box.x + box.width / 2 - width / 2, 1 - width),
    y: within(box.y + box.height / 2 - height / 2, 1 - height),
    width,
    height,
  };
}

function overlap(one: UnitBox | undefined, other: UnitBox | undefined): boolean {
  if (!one || !other) return false;
  const across = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const along = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return across > 0 && along > 0;
}

function union(one: UnitBox, other: UnitBox): UnitBox {
  const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
  const right = Math.max(one.x + one.width, other.x + other.width);
  const bottom = Math.max(one.y + one.height, other.y + other.height);
  return { x, y, width: right - x, height: bottom - y };
}

/** The part of a box that is in the picture; a prediction may lie outside. */
function inPicture({ x, y, width, height }: UnitBox): UnitBox {
  const [left, top] = [within(x, 1), within(y, 1)];
  return { x: left, y: top, width: within(x + width, 1) - left, height: within(y + height, 1) - top };
}

function within(value: number, most: number): number {
  return Math.min(Math.max(0, value), Math.max(0, most));
}
