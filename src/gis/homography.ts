import { localFrame } from './local-frame.ts';
import {
  eigenvaluesOf,
  type Flat,
  fromFrame,
  type PlaneFrame,
  planeFrameOf,
  type Symmetric,
  toFrame,
} from './plane-frame.ts';
import { equationsOf, groundBehind, type Jacobian, jacobianAt, type PlaneMap, project } from './plane-map.ts';
import type { GeoPoint } from './point.ts';

/** A point [x, y] of a picture, each from 0 to 1, [0, 0] at the top left. */
export type PicturePoint = readonly [x: number, y: number];

/** Where something of the picture stands on the ground, WGS-84. */
export interface CalibrationPair extends GeoPoint {
  readonly pixel: PicturePoint;
}

/** From a camera's picture to the ground, which is taken as flat, and how sure that is. Plain numbers, made by a fit. */
export interface Homography {
  readonly origin: GeoPoint;
  readonly picture: PlaneFrame;
  readonly ground: PlaneFrame;
  readonly map: PlaneMap;
  /** Of the nine numbers of `map`, nine rows. */
  readonly covariance: readonly (readonly number[])[];
}

/** The radius holds the thing nineteen times out of twenty. */
export interface GroundPoint extends GeoPoint {
  readonly errorMeters: number;
}

/** Shares of a picture are measured in the pixels of one of this size, whatever the camera's is. */
const nominal = { width: 1_920, height: 1_080 };
/** What a pair is right to: a click in the picture, and a point read off a map. */
export const clickPixels = 1;
export const mapMeters = 0.3;
/** What the lower edge of a detector's box is right to. */
const footPixels = 2;
/** A picture whose next pixel is farther away than this says nothing about where. */
const mostMetersPerPixel = 10;
/** A circle of this many standard errors holds 95 of 100 when the error lies along one direction, as toward the horizon. */
const standardErrors = 2;

export const toNominal = ([x, y]: PicturePoint): Flat => [x * nominal.width, y * nominal.height];

/**
 * Where on the ground a point of the picture is, and within how many metres: what the pairs leave open, how far a box's
 * edge may be off, and what a map is right to, added up at that place. Undefined above the horizon and where one pixel
 * means more than 10 m.
 */
export function groundPoint(homography: Homography, pixel: PicturePoint): GroundPoint | undefined {
  const { map, picture, ground, origin } = homography;
  const at = groundBehind(map, toFrame(picture, toNominal(pixel)));
  if (!at) return undefined;
  const back = inverse(jacobianAt(map, at));
  const metersPerPixel = (spreadOf(back, [1, 0, 1]) * picture.scale) / ground.scale;
  if (!(metersPerPixel <= mostMetersPerPixel)) return undefined;
  const click = (footPixels * picture.scale) ** 2;
  const [xx, xy, yy] = openOf(homography, at);
  const meters = spreadOf(back, [xx + click, xy, yy + click]) / ground.scale;
  const errorMeters = standardErrors * Math.hypot(meters, mapMeters);
  return { ...localFrame(origin).toPoint(fromFrame(ground, at)), errorMeters };
}

/** Where a point of the ground appears in the picture, also beside it; undefined behind the camera. */
export function picturePoint({ origin, ground, picture, map }: Homography, point: GeoPoint): PicturePoint | undefined {
  const { at, depth } = project(map, toFrame(ground, localFrame(origin).toLocal(point)));
  if (!(depth > 0)) return undefined;
  const [x, y] = fromFrame(picture, at);
  return [x / nominal.width, y / nominal.height];
}

/** What the pairs leave open of the picture's place of a point of the ground, in the picture's frame. */
function openOf({ map, covariance }: Homography, ground: Flat): Symmetric {
  const { at, depth } = project(map, ground);
  const [u, v] = equationsOf(ground, at).map((row) => row.map((value) => value / depth));
  const form = (a: readonly number[] = [], b: readonly number[] = []) =>
    a.reduce((sum, one, i) => sum + one * b.reduce((row, other, j) => row + other * (covariance[i]?.[j] ?? 0), 0), 0);
  return [form(u, u), form(u, v), form(v, v)];
}

function inverse([a, b, c, d]: Jacobian): Jacobian {
  const det = a * d - b * c;
  return [d / det, -b / det, -c / det, a / det];
}

/** The standard error, along its worst direction, of what a map makes of something with that covariance. */
function spreadOf([a, b, c, d]: Jacobian, [xx, xy, yy]: Symmetric): number {
  const through: Symmetric = [
    a * a * xx + 2 * a * b * xy + b * b * yy,
    a * c * xx + (a * d + b * c) * xy + b * d * yy,
    c * c * xx + 2 * c * d * xy + d * d * yy,
  ];
  return Math.sqrt(Math.max(0, eigenvaluesOf(through)[1]));
}

/** The middle of the pairs as the origin, and both planes brought near 1. */
export function framesOf(pairs: readonly CalibrationPair[]): Pick<Homography, 'origin' | 'picture' | 'ground'> {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const origin = {
    lat: sum(pairs.map(({ lat }) => lat)) / pairs.length,
    lon: sum(pairs.map(({ lon }) => lon)) / pairs.length,
  };
  const { toLocal } = localFrame(origin);
  return {
    origin,
    picture: planeFrameOf(pairs.map(({ pixel }) => toNominal(pixel))),
    ground: planeFrameOf(pairs.map(toLocal)),
  };
}
