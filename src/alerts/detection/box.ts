import type { UnitBox } from './model.ts';

/** Shared area over joint area, 0 to 1. */
export function intersectionOverUnion(one: UnitBox, other: UnitBox): number {
  const shared = sharedArea(one, other);
  return shared === 0 ? 0 : shared / (one.width * one.height + other.width * other.height - shared);
}

/** How much of `inner` lies in `outer`, 0 to 1. */
export function shareInside(inner: UnitBox, outer: UnitBox): number {
  const shared = sharedArea(inner, outer);
  return shared === 0 ? 0 : shared / (inner.width * inner.height);
}

function sharedArea(one: UnitBox, other: UnitBox): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return width <= 0 || height <= 0 ? 0 : width * height;
}

/** Between the middles of two lower edges, in heights of the picture; `aspect` is its width over its height. */
export function footDistance(one: UnitBox, other: UnitBox, aspect: number): number {
  const across = (one.x + one.width / 2 - other.x - other.width / 2) * aspect;
  const along = one.y + one.height - other.y - other.height;
  return Math.hypot(across, along);
}
