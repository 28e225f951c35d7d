/** How far each camera sees by the weather: what its nearest station says. */
import { MovingIndex } from './gis/moving-index.ts';
import type { GeoPoint } from './gis/point.ts';

export interface Station {
  readonly id: string;
  readonly online: boolean;
  readonly position?: GeoPoint | undefined;
  readonly values?: Readonly<Record<string, number>> | undefined;
}

export interface PlacedCamera {
  readonly id: string;
  readonly position?: GeoPoint | undefined;
}

export interface WeatherSightOptions {
  readonly reachMeters: number;
  /** Metres of visibility at a camera, with each change; undefined when no station tells. */
  readonly tell: (camera: string, visibility: number | undefined) => void;
}

interface KnownStation {
  readonly position: GeoPoint;
  readonly visibility: number;
}

function isSame(a: KnownStation | undefined, b: KnownStation | undefined): boolean {
  if (!a || !b) return a === b;
  return a.visibility === b.visibility && a.position.lat === b.position.lat && a.position.lon === b.position.lon;
}

export class WeatherSight {
  readonly #options: WeatherSightOptions;
  readonly #stations = new Map<string, KnownStation>();
  readonly #stationPlaces = new MovingIndex();
  #cameras = new MovingIndex();

  constructor(options: WeatherSightOptions) {
    this.#options = options;
  }

  /** From now on these are the cameras. */
  configure(cameras: readonly PlacedCamera[]): void {
    this.#cameras = new MovingIndex();
    for (const { id, position } of cameras) {
      if (!position) continue;
      this.#cameras.update(id, position);
      this.#options.tell(id, this.#visibilityAt(position));
    }
  }

  /** What a station says now; one that is offline, or measures no visibility, says nothing. */
  station({ id, online, position, values }: Station): void {
    const before = this.#stations.get(id);
    const visibility = values?.visibility;
    const now = online && position && visibility !== undefined ? { position, visibility } : undefined;
    if (isSame(before, now)) return;
    if (now) {
      this.#stations.set(id, now);
      this.#stationPlaces.update(id, now.position);
    } else this.#forget(id);
    this.#retell([before, now]);
  }

  removed(id: string): void {
    const before = this.#stations.get(id);
    this.#forget(id);
    this.#retell([before]);
  }

  #forget(id: string): void {
    this.#stations.delete(id);
    this.#stationPlaces.remove(id);
  }

  #retell(around: readonly (KnownStation | undefined)[]): void {
    const near = around.flatMap((station) =>
      station ? this.#cameras.around(station.position, this.#options.reachMeters) : [],
    );
    const cameras = new Map(near.map(({ id, point }) => [id, point]));
    for (const [id, position] of cameras) this.#options.tell(id, this.#visibilityAt(position));
  }

  #visibilityAt(position: GeoPoint): number | undefined {
    const [nearest] = this.#stationPlaces.around(position, this.#options.reachMeters);
    return nearest && this.#stations.get(nearest.id)?.visibility;
  }
}
