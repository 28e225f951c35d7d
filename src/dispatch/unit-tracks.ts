import { type SimplifiedTrack, simplifyTrack, type TrackPoint } from './track-line.ts';
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

/** Of which device, from when to when, and how closely. */
export interface TrackQuestion {
  readonly device: string;
  readonly from: Date;
  readonly to: Date;
  readonly toleranceMeters: number;
}

const dayMs = 86_400_000;
const mostDays = 31;
/** In an answer, and in one answer of telemetry. */
const mostPoints = 1_000;
/** Read for one answer: a terminal that speaks once a second for five hours; of more, the last of each step. */
const mostRead = 20_000;

type Stretch = Omit<SeriesQuery, 'measurement' | 'limit'>;

/** Where units went, read from telemetry. */
export class UnitTracks {
  readonly #series: (query: SeriesQuery) => Promise<readonly SeriesRow[]>;

  constructor(series: (query: SeriesQuery) => Promise<readonly SeriesRow[]>) {
    this.#series = series;
  }

  /** Oldest first, at most a thousand points, whatever the time. Throws `TrackTimeError`. */
  async track({ device, from, to, toleranceMeters }: TrackQuestion): Promise<SimplifiedTrack> {
    const spanMs = to.getTime() - from.getTime();
    if (!(spanMs > 0 && spanMs <= mostDays * dayMs)) throw new TrackTimeError(mostDays);
    const stretch = { device, from: from.getTime(), to: to.getTime() };
    const stepped = { ...stretch, everyMs: Math.ceil(spanMs / (mostRead - 1) / 1_000) * 1_000 };
    const everything = spanMs <= mostRead * 1_000 ? await this.#read(stretch) : undefined;
    const points = everything ?? (await this.#read(stepped)) ?? [];
    return simplifyTrack(points, toleranceMeters, mostPoints);
  }

  /** Page by page; undefined when there is more than may be read. */
  async #read(stretch: Stretch): Promise<TrackPoint[] | undefined> {
    const points: TrackPoint[] = [];
    let { from } = stretch;
    while (points.length <= mostRead) {
      const query = { ...stretch, from, limit: mostPoints };
      const lats = await this.#series({ ...query, measurement: 'lat' });
      const lons = await this.#series({ ...query, measurement: 'lon' });
      points.push(...joinTrack(lats, lons));
      const last = lats.at(-1);
      if (lats.length < mostPoints || last === undefined) return points;
      from = last.at + (stretch.everyMs ?? 1);
    }
    return undefined;
  }
}

/**
 * Latitudes and longitudes of the same times; what has no counterpart is left out. Of several positions of one time nobody
 * knows which latitude goes with which longitude: the unit was somewhere between them.
 */
export function joinTrack(lats: readonly SeriesRow[], lons: readonly SeriesRow[]): TrackPoint[] {
  const lonAt = meansByTime(lons);
  return [...meansByTime(lats)].flatMap(([at, lat]) => {
    const lon = lonAt.get(at);
    return lon === undefined ? [] : [{ at: new Date(at), lat, lon }];
  });
}

function meansByTime(rows: readonly SeriesRow[]): Map<number, number> {
  const byTime = Map.groupBy(rows, ({ at }) => at);
  const mean = (values: readonly SeriesRow[]) => values.reduce((sum, row) => sum + numberOf(row), 0) / values.length;
  return new Map([...byTime].map(([at, values]) => [at, mean(values)]));
}

const numberOf = (row: SeriesRow) => ('value' in row ? row.value : row.last);
