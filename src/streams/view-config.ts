import { type Static, Type } from 'typebox';
import { calibrate } from '../gis/calibration.ts';
import { DatumName, toWgs84 } from '../gis/datum.ts';
import type { CalibrationPair } from '../gis/homography.ts';
import { Latitude, Longitude } from '../gis/point.ts';
import type { View } from '../gis/sector.ts';
import type { ValueIssue } from '../shared/check-value.ts';

const closed = { additionalProperties: false };
const fraction = Type.Number({ minimum: 0, maximum: 1, description: 'a part of the picture from 0 to 1' });

const sector = {
  bearing: Type.Number({ minimum: 0, maximum: 360, description: 'degrees from north, 0 to 360' }),
  angle: Type.Number({ exclusiveMinimum: 0, maximum: 360, description: 'the opening angle in degrees, up to 360' }),
  range: Type.Number({ exclusiveMinimum: 0, maximum: 50_000, description: 'how far it sees, in metres' }),
};

/** What cameras may have in common: no two of them see the same ground at the same place of their pictures. */
export const SectorView = Type.Object(sector, { ...closed, description: 'where it looks: {bearing, angle, range}' });

/** One pair as cameras.yaml has it. */
export const WrittenPair = Type.Object(
  {
    pixel: Type.Tuple([fraction, fraction], { description: 'a point [x, y] of the picture, each from 0 to 1' }),
    lat: Latitude,
    lon: Longitude,
    datum: Type.Optional(DatumName),
  },
  { ...closed, description: 'a point of the picture and where it is on the ground: {pixel: [x, y], lat, lon, datum?}' },
);

/** Where a camera looks; with 4 or more points known in the picture and on the ground also where what it sees stands. */
export const CameraView = Type.Object(
  {
    ...sector,
    calibration: Type.Optional(
      Type.Array(WrittenPair, {
        minItems: 4,
        maxItems: 32,
        description: '4 to 32 points of the ground with their place in the picture: {pixel: [x, y], lat, lon}',
      }),
    ),
  },
  { ...closed, description: 'where it looks: {bearing, angle, range, calibration}' },
);
type WrittenView = Static<typeof CameraView>;

/** A view whose pairs are WGS-84. */
export interface ViewConfig extends View {
  readonly calibration?: readonly CalibrationPair[];
}

export function resolveView({ calibration, ...view }: WrittenView): ViewConfig {
  return { ...view, ...(calibration && { calibration: calibration.map(resolvePair) }) };
}

/** Why a camera cannot see its pairs as they are written, if so. */
export function viewIssues(view: WrittenView | undefined, path: ValueIssue['path']): ValueIssue[] {
  if (!view?.calibration) return [];
  const calibration = calibrate(view.calibration.map(resolvePair));
  if (calibration.type === 'calibrated') return [];
  const message = `expected pairs that a camera above flat ground can see: ${calibration.reason}`;
  return [{ path: [...path, 'calibration'], at: 'value', message }];
}

const resolvePair = ({ pixel: [x, y], ...point }: Static<typeof WrittenPair>): CalibrationPair => ({
  pixel: [x, y],
  ...toWgs84(point),
});
