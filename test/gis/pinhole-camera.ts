import fc from 'fast-check';
import type { CalibrationPair, PicturePoint } from '../../src/gis/homography.ts';
import { localFrame } from '../../src/gis/local-frame.ts';
import type { GeoPoint } from '../../src/gis/point.ts';

/** A camera without lens errors over flat ground; angles in radians, the focal length in pixels of 1920×1080. */
export interface Pinhole {
  readonly position: GeoPoint;
  readonly heightMeters: number;
  readonly pitch: number;
  readonly bearing: number;
  readonly focal: number;
}

/** On a pole beside the road, looking along it. */
export const pole: Pinhole = {
  position: { lat: 27.3, lon: 105.29 },
  heightMeters: 8,
  pitch: 0.12,
  bearing: 0.8,
  focal: 1_600,
};

/** Metres ahead of the camera's foot, and to its right. */
export type Spot = readonly [ahead: number, right: number];

export const width = 1_920;
export const height = 1_080;

export function geoOf({ position, bearing }: Pinhole, [ahead, right]: Spot): GeoPoint {
  const [sin, cos] = [Math.sin(bearing), Math.cos(bearing)];
  return localFrame(position).toPoint([ahead * sin + right * cos, ahead * cos - right * sin]);
}

export function pixelOf({ heightMeters, pitch, focal }: Pinhole, [ahead, right]: Spot): PicturePoint {
  const depth = ahead * Math.cos(pitch) + heightMeters * Math.sin(pitch);
  const down = heightMeters * Math.cos(pitch) - ahead * Math.sin(pitch);
  return [0.5 + (focal * right) / depth / width, 0.5 + (focal * down) / depth / height];
}

export const pairAt = (camera: Pinhole, spot: Spot): CalibrationPair => ({
  pixel: pixelOf(camera, spot),
  ...geoOf(camera, spot),
});

export const halfHeight = ({ focal }: Pinhole) => Math.atan(height / 2 / focal);

/** Any camera on a pole beside a road that has the ground 100 m ahead well within its picture. */
export const anyCamera: fc.Arbitrary<Pinhole> = fc
  .record({
    lat: fc.double({ min: 18, max: 50, noNaN: true }),
    lon: fc.double({ min: 75, max: 130, noNaN: true }),
    heightMeters: fc.double({ min: 4, max: 15, noNaN: true }),
    focal: fc.double({ min: 1_200, max: 3_000, noNaN: true }),
    bearing: fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
    tilt: fc.double({ min: -0.3, max: 0.6, noNaN: true }),
  })
  .map(({ lat, lon, heightMeters, focal, bearing, tilt }) => ({
    position: { lat, lon },
    heightMeters,
    focal,
    bearing,
    pitch: Math.atan(heightMeters / 100) + tilt * Math.atan(height / 2 / focal),
  }));

/** Marks as an engineer takes them: left and right in turn, from the nearest ground in the picture to the farthest, or 150 m. */
export function marksOf(camera: Pinhole, count: number): Spot[] {
  const { heightMeters, pitch, focal } = camera;
  const half = 0.95 * halfHeight(camera);
  const near = Math.max(8, heightMeters / Math.tan(Math.min(1.5, pitch + half)));
  const far = pitch > half ? Math.min(150, heightMeters / Math.tan(pitch - half)) : 150;
  const rows = Math.ceil(count / 2);
  return Array.from({ length: count }, (_, index) => {
    const part = (1 - Math.floor(index / 2) / (rows - 1)) ** 2;
    const ahead = 1 / (part / near + (1 - part) / far);
    const edge = (0.4 * width * (ahead * Math.cos(pitch) + heightMeters * Math.sin(pitch))) / focal;
    return [ahead, (index % 2 === 0 ? -1 : 1) * Math.min(12 + (index % 3), edge)];
  });
}
