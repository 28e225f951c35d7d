import { intersectionOverUnion, shareInside } from './box.ts';
import { type Cut, inPicture } from './cut.ts';
import { familyOf } from './labels.ts';
import type { Sighting, UnitBox, YuvFrame } from './model.ts';

/** What was seen in one part of a picture; the boxes are shares of that part. */
export interface Look {
  readonly cut: Cut;
  readonly sightings: readonly Sighting[];
}

/** What several looks at one picture say together; boxes are shares of the picture. */
export interface Joined {
  readonly sightings: readonly Sighting[];
  /** What is seen only where a look's edge cuts through it, the surest first. */
  readonly halves: readonly Half[];
}

interface Half {
  readonly sighting: Sighting;
  /** Where all of it should be seen. */
  readonly region: UnitBox;
}

type Size = Pick<YuvFrame, 'width' | 'height'>;

/** A box that ends nearer to an edge than this share of the look ends at it: no model is surer of an edge. */
const edgeShare = 0.02;
const sameOverlap = 0.5;
/** A car that is called a truck in the other look is the same car. */
const sameFamilyOverlap = 0.7;
/** So much of a half inside a whole thing is a half of that thing. */
const halfInside = 0.7;

/**
 * Joins looks that may overlap: each thing once, by the surest look that shows all of it. Two things of one look are two,
 * however near they stand: a crowd is no double.
 */
export function joinLooks(looks: readonly Look[], frame: Size): Joined {
  const seen = looks.flatMap((look, index) =>
    look.sightings.map((sighting) => seenIn(look, { sighting, index, frame })),
  );
  const best = seen.toSorted((one, other) => other.sighting.score - one.sighting.score);
  const whole: Seen[] = [];
  for (const each of best) if (!each.isCut && !whole.some((kept) => isDouble(each, kept))) whole.push(each);
  const halves: Seen[] = [];
  for (const each of best)
    if (each.isCut && ![...whole, ...halves].some((kept) => isPart(each, kept))) halves.push(each);
  return {
    sightings: whole.map(({ sighting }) => sighting),
    halves: halves.map(({ sighting, cut }) => ({ sighting, region: around(sighting.box, cut, frame) })),
  };
}

interface Seen {
  /** In shares of the picture. */
  readonly sighting: Sighting;
  readonly cut: Cut;
  readonly index: number;
  readonly isCut: boolean;
}

function seenIn(
  { cut }: Look,
  { sighting, index, frame }: { readonly sighting: Sighting; readonly index: number; readonly frame: Size },
): Seen {
  const box = inPicture(sighting.box, cut, frame);
  return { sighting: { ...sighting, box }, cut, index, isCut: isCutOff(sighting.box, cut, frame) };
}

/** Whether a box ends at an edge of its look behind which the picture goes on. */
function isCutOff({ x, y, width, height }: UnitBox, cut: Cut, frame: Size): boolean {
  const left = x <= edgeShare && cut.left > 0;
  const top = y <= edgeShare && cut.top > 0;
  const right = x + width >= 1 - edgeShare && cut.left + cut.width < frame.width;
  const bottom = y + height >= 1 - edgeShare && cut.top + cut.height < frame.height;
  return left || top || right || bottom;
}

function isDouble(one: Seen, other: Seen): boolean {
  if (one.index === other.index) return false;
  const overlap = intersectionOverUnion(one.sighting.box, other.sighting.box);
  if (one.sighting.label === other.sighting.label) return overlap >= sameOverlap;
  return overlap >= sameFamilyOverlap && isOneFamily(one, other);
}

function isPart(half: Seen, other: Seen): boolean {
  return isOneFamily(half, other) && shareInside(half.sighting.box, other.sighting.box) >= halfInside;
}

function isOneFamily(one: Seen, other: Seen): boolean {
  return familyOf(one.sighting.label) === familyOf(other.sighting.label);
}

/** Twice as wide as the look that cut it. */
function around({ x, y, width, height }: UnitBox, cut: Cut, frame: Size): UnitBox {
  const side = 2 * Math.max(cut.width, cut.height);
  const size = { width: Math.min(1, side / frame.width), height: Math.min(1, side / frame.height) };
  return { x: x + width / 2 - size.width / 2, y: y + height / 2 - size.height / 2, ...size };
}
