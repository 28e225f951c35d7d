import { AppError } from '../shared/app-error.ts';
import { parseTime } from './decoders/device-clock.ts';
import { parseDuration, type TelemetryQuery, type TelemetryRow } from './telemetry/telemetry-store.ts';
import { unitOf } from './units-of-measure.ts';

/** The times asked for are not times, or not in that order. */
export class TelemetryRangeError extends AppError {
  readonly code = 'TELEMETRY_RANGE';
  override readonly statusCode = 400;
}

/** A question about one series in the words of HTTP. */
export interface TelemetryQuestion {
  readonly device: string;
  readonly measurement: string;
  /** RFC 3339; a day before `to` by default. */
  readonly from?: string;
  /** RFC 3339; now by default. */
  readonly to?: string;
  /** `10s`, `5m`, `1h`. */
  readonly every?: string;
  readonly limit: number;
}

type Dated<T> = T extends unknown ? Omit<T, 'at'> & { at: string } : never;

export interface TelemetryAnswer {
  readonly device: string;
  readonly measurement: string;
  readonly unit: string;
  readonly points: Dated<TelemetryRow>[];
}

const dayMs = 86_400_000;

/** Oldest first; a series longer than `limit` goes on from the last time answered. */
export async function askTelemetry(
  query: (query: TelemetryQuery) => Promise<TelemetryRow[]>,
  question: TelemetryQuestion,
): Promise<TelemetryAnswer> {
  const { device, measurement, every, limit } = question;
  const to = timeOf(question.to, 'to') ?? Date.now();
  const from = timeOf(question.from, 'from') ?? to - dayMs;
  if (from >= to) throw new TelemetryRangeError('from must be before to');
  const everyMs = every === undefined ? undefined : parseDuration(every);
  const rows = await query({ device, measurement, from, to, limit, ...(everyMs !== undefined && { everyMs }) });
  const points = rows.map((row) => ({ ...row, at: new Date(row.at).toISOString() }));
  return { device, measurement, unit: unitOf(measurement), points };
}

function timeOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const time = parseTime(text);
  if (!time) throw new TelemetryRangeError(`${name} is not an RFC 3339 time`);
  return time.getTime();
}
