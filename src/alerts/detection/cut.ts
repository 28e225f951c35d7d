import type { UnitBox, YuvFrame } from './model.ts';

/** A part of a picture in whole pixels. */
export interface Cut {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

type Size = Pick<YuvFrame, 'width' | 'height'>;

/** More looks at one picture than this cost more than they find: then it is looked at whole. */
export const mostRegions = 8;
/** Enlarged further, a picture shows the model nothing but its own blur. */
const leastSide = 64;

/** Which parts of a picture are looked at: a square around each region, the whole without one. */
export function cutsOf(regions: readonly UnitBox[], frame: Size): Cut[] {
  const usable = regions.filter(isUsable);
  if (usable.length === 0 || usable.length > mostRegions) return [wholeOf(frame)];
  return usable.map((region) => cutOf(region, frame));
}

export function wholeOf({ width, height }: Size): Cut {
  return { left: 0, top: 0, width, height };
}

/** Square pixels with the region in their middle, moved into the picture; as much as there is of one that is larger. */
export function cutOf(region: UnitBox, { width, height }: Size): Cut {
  const side = Math.max(leastSide, Math.ceil(Math.max(region.width * width, region.height * height)));
  const across = span((region.x + region.width / 2) * width, side, width);
  const down = span((region.y + region.height / 2) * height, side, height);
  return { left: across.from, top: down.from, width: across.length, height: down.length };
}

function span(middle: number, side: number, of: number): { readonly from: number; readonly length: number } {
  const length = Math.min(side, of);
  return { from: Math.min(Math.max(0, Math.round(middle - length / 2)), of - length), length };
}

/** A box of the cut as a box of the picture it was taken from. */
export function inPicture(box: UnitBox, cut: Cut, { width, height }: Size): UnitBox {
  return {
    x: (cut.left + box.x * cut.width) / width,
    y: (cut.top + box.y * cut.height) / height,
    width: (box.width * cut.width) / width,
    height: (box.height * cut.height) / height,
  };
}

function isUsable({ x, y, width, height }: UnitBox): boolean {
  return x < 1 && y < 1 && x + width > 0 && y + height > 0 && width > 0 && height > 0 && width <= 1 && height <= 1;
}
