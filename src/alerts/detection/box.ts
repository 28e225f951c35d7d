import type { UnitBox } from './model.ts';

/** Shared area over joint area, 0 to 1. */
export function intersectionOverUnion(one: UnitBox, other: UnitBox): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (one.width * one.height + other.width * other.height - shared);
}

/** Between the middles of two lower edges, in heights of the picture; `aspect` is its width over its height. */
export function footDistance(one: UnitBox, other: UnitBox, aspect: number): number {
  const across = (one.x + one.width / 2 - other.x - other.width / 2) * aspect;
  const along = one.y + one.height - other.y - other.height;
  return Math.hypot(across, along);
}
