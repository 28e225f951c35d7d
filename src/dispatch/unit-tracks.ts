import { TrackTimeError } from './unit-errors.ts';

/** What is asked of telemetry: `from` included, `to` not, milliseconds since 1970; with `everyMs`, buckets. */
export interface SeriesQuery {
  readonly device: string;
  readonly measurement: string;
  readonly from: number;
  readonly to: number;
  readonly everyMs?: number;
  readonly limit: number;
}

/** A value itself, or the last one of a bucket. */
export type SeriesRow =
  | { readonly at: number; readonly value: number }
  | { readonly at: number; readonly last: number };

export interface TrackPoint {
  readonly at: Date;
  readonly lat: number;
  readonly lon: number;
}

const hourMs = 3_600_000;
const mostHours = 24;
const mostPoints = 1_000;
/** Up to here a terminal that speaks once a second fits into one answer; a longer time is thinned. */
const everyPointMs = 15 * 60_000;

/** Where units went, read from telemetry. */
export class UnitTracks {
  readonly #series: (query: SeriesQuery) => Promise<readonly SeriesRow[]>;

  constructor(series: (query: SeriesQuery) => Promise<readonly SeriesRow[]>) {
    this.#series = series;
  }

  /** Oldest first; past a quarter of an hour, the last point of each of up to a thousand steps. Throws `TrackTimeError`. */
  async track(device: string, from: Date, to: Date): Promise<TrackPoint[]> {
    const spanMs = to.getTime() - from.getTime();
    if (!(spanMs > 0 && spanMs <= mostHours * hourMs)) throw new TrackTimeError(mostHours);
    const query = {
      device,
      from: from.getTime(),
      to: to.getTime(),
      limit: mostPoints,
      ...(spanMs > everyPointMs && { everyMs: Math.ceil(spanMs / (mostPoints - 1) / 1_000) * 1_000 }),
    };
    const [lats, lons] = await Promise.all([
      this.#series({ ...query, measurement: 'lat' }),
      this.#series({ ...query, measurement: 'lon' }),
    ]);
    return joinTrack(lats, lons);
  }
}

/** Latitudes and longitudes of the same times; what has no counterpart is left out. */
export function joinTrack(lats: readonly SeriesRow[], lons: readonly SeriesRow[]): TrackPoint[] {
  const lonAt = new Map(lons.map((row) => [row.at, numberOf(row)]));
  return lats.flatMap((row) => {
    const lon = lonAt.get(row.at);
    return lon === undefined ? [] : [{ at: new Date(row.at), lat: numberOf(row), lon }];
  });
}

const numberOf = (row: SeriesRow) => ('value' in row ? row.value : row.last);
