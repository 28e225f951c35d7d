/** Puts what a camera sees on the ground: the detector knows pictures, the roads know points, this knows both. */
import type { Observation } from './alerts/observation.ts';
import { calibrate } from './gis/calibration.ts';
import { type GroundPoint, groundPoint, type Homography } from './gis/homography.ts';
import type { Finder } from './placing.ts';
import type { CameraConfig } from './streams/resolve-cameras.ts';

/** What is known of the ground a camera sees. */
export interface CameraGround {
  readonly homography?: Homography;
  /** Metres. */
  readonly range?: number;
}

type PlacedBy = Pick<CameraConfig, 'id' | 'view'>;

/** Carriageways lie about this far apart or farther: what is less sure than that is on the side the camera is there for. */
const carriagewaysMeters = 12;

/** The grounds of the cameras that are configured now. */
export class CameraGrounds {
  readonly #find: Finder;
  #grounds: ReadonlyMap<string, CameraGround>;

  constructor(cameras: readonly PlacedBy[], find: Finder) {
    this.#find = find;
    this.#grounds = groundsOf(cameras);
  }

  configure(cameras: readonly PlacedBy[]): void {
    this.#grounds = groundsOf(cameras);
  }

  /** The observation where its cause stands, as far as its camera can tell. */
  placed(observation: Observation): Observation {
    const ground = observation.camera === undefined ? undefined : this.#grounds.get(observation.camera);
    return ground ? placedObservation(observation, ground, this.#find) : observation;
  }
}

/**
 * With a calibrated camera the cause stands where the foot of its box meets the ground, with the stake and carriageway
 * there; else at the camera, off by as far as the camera sees. The area stays the camera's: its seats watch it.
 */
export function placedObservation(observation: Observation, ground: CameraGround, find: Finder): Observation {
  const { box, position } = observation;
  // What has no box is about the camera itself.
  if (!box) return observation;
  const { homography, range } = ground;
  const found = homography && groundPoint(homography, [box.x + box.width / 2, box.y + box.height]);
  if (found) return { ...observation, ...roadUnder(observation, found, find), position: rounded(found) };
  return range === undefined ? observation : { ...observation, position: { errorMeters: range, ...position } };
}

type RoadPart = Pick<Observation, 'area' | 'road' | 'stake' | 'carriageway'>;

function roadUnder(observation: Observation, { lat, lon, errorMeters }: GroundPoint, find: Finder): RoadPart {
  const { area, road, stake, carriageway } = find({ position: { lat, lon } });
  const own = road === observation.road && errorMeters > carriagewaysMeters ? observation.carriageway : undefined;
  return { road, stake, carriageway: own ?? carriageway, area: observation.area ?? area };
}

function groundsOf(cameras: readonly PlacedBy[]): ReadonlyMap<string, CameraGround> {
  return new Map(
    cameras.flatMap(({ id, view }) => {
      if (!view) return [];
      const calibration = view.calibration && calibrate(view.calibration);
      const homography = calibration?.type === 'calibrated' && calibration.homography;
      return [[id, { range: view.range, ...(homography && { homography }) }] as const];
    }),
  );
}

/** A centimetre and a decimetre are finer than anything known here. */
const rounded = ({ lat, lon, errorMeters }: GroundPoint): Observation['position'] => ({
  lat: Number(lat.toFixed(7)),
  lon: Number(lon.toFixed(7)),
  errorMeters: Number(errorMeters.toFixed(1)),
});
