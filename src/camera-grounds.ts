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
  /** The way the camera looks, degrees from north. */
  readonly bearing?: number;
}

type PlacedBy = Pick<CameraConfig, 'id' | 'view'>;

/** Carriageways lie about this far apart or farther: what is less sure than that is on the side the camera is there for. */
const carriagewaysMeters = 12;

/** A fit takes a millisecond and a few kilobytes: so many are kept, of those that had something to place last. */
const mostFitted = 2_048;

/** The grounds of the cameras that are configured now, each fitted when it is first asked for. */
export class CameraGrounds {
  readonly #find: Finder;
  #views: ReadonlyMap<string, PlacedBy['view']>;
  readonly #fitted = new Map<string, CameraGround>();

  constructor(cameras: readonly PlacedBy[], find: Finder) {
    this.#find = find;
    this.#views = viewsOf(cameras);
  }

  /** How many are fitted. */
  get fitted(): number {
    return this.#fitted.size;
  }

  configure(cameras: readonly PlacedBy[]): void {
    this.#views = viewsOf(cameras);
    this.#fitted.clear();
  }

  /** The observation where its cause stands, as far as its camera can tell. */
  placed(observation: Observation): Observation {
    const ground = observation.camera === undefined ? undefined : this.#ground(observation.camera);
    return ground ? placedObservation(observation, ground, this.#find) : observation;
  }

  #ground(camera: string): CameraGround | undefined {
    const view = this.#views.get(camera);
    const ground = this.#fitted.get(camera) ?? (view && groundOf(view));
    if (!ground) return undefined;
    this.#fitted.delete(camera);
    this.#fitted.set(camera, ground);
    const [oldest] = this.#fitted.keys();
    if (this.#fitted.size > mostFitted && oldest !== undefined) this.#fitted.delete(oldest);
    return ground;
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
  if (found) return { ...observation, ...roadUnder(observation, found, { ground, find }), position: rounded(found) };
  return range === undefined ? observation : { ...observation, position: { errorMeters: range, ...position } };
}

type RoadPart = Pick<Observation, 'area' | 'road' | 'stake' | 'carriageway'>;

interface Surroundings {
  readonly ground: CameraGround;
  readonly find: Finder;
}

function roadUnder(observation: Observation, found: GroundPoint, { ground, find }: Surroundings): RoadPart {
  const { lat, lon, errorMeters } = found;
  const clue = { road: observation.road, bearing: ground.bearing, errorMeters };
  const { area, road, stake, carriageway } = find({ position: { lat, lon }, clue });
  const own = road === observation.road && errorMeters > carriagewaysMeters ? observation.carriageway : undefined;
  return { road, stake, carriageway: own ?? carriageway, area: observation.area ?? area };
}

const viewsOf = (cameras: readonly PlacedBy[]) => new Map(cameras.map(({ id, view }) => [id, view]));

function groundOf({ range, bearing, calibration: pairs }: NonNullable<PlacedBy['view']>): CameraGround {
  const calibration = pairs && calibrate(pairs);
  const homography = calibration?.type === 'calibrated' && calibration.homography;
  return { range, bearing, ...(homography && { homography }) };
}

/** A centimetre and a decimetre are finer than anything known here. */
const rounded = ({ lat, lon, errorMeters }: GroundPoint): Observation['position'] => ({
  lat: Number(lat.toFixed(7)),
  lon: Number(lon.toFixed(7)),
  errorMeters: Number(errorMeters.toFixed(1)),
});
