import { AppError } from '../../shared/app-error.ts';

/** One measured value. `at` and `receivedAt` are milliseconds since 1970. */
export interface TelemetryPoint {
  readonly device: string;
  readonly measurement: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly value: number;
  /** Which of the distinct values with this very time it is, from 0: kept apart where a store knows one value a time. */
  readonly ordinal?: number;
}

export interface TelemetryQuery {
  readonly device: string;
  readonly measurement: string;
  /** Milliseconds since 1970, `from` included, `to` not. */
  readonly from: number;
  readonly to: number;
  /** Width of a bucket; without it the values themselves. */
  readonly everyMs?: number;
  readonly limit: number;
}

export interface TelemetryValue {
  readonly at: number;
  readonly value: number;
}

/** `at` is the start of the bucket; buckets are aligned to 1970, so that two queries cut time alike. */
export interface TelemetryBucket {
  readonly at: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly last: number;
  readonly count: number;
}

export type TelemetryRow = TelemetryValue | TelemetryBucket;

/** Where series live. Writing the same point twice stores it once. */
export interface TelemetryStore {
  write(points: readonly TelemetryPoint[]): Promise<void>;
  /** Oldest first, at most `limit` rows, within a bounded time (`TelemetryTooLongError`). */
  query(query: TelemetryQuery): Promise<TelemetryRow[]>;
}

/** No answer has more rows. */
export const mostRows = 1_000;

/** The series is too dense for the time a query may take. */
export class TelemetryTooLongError extends AppError {
  readonly code = 'TELEMETRY_TOO_LONG';
  override readonly statusCode = 422;

  constructor(deadlineMs: number) {
    super(`the query took more than ${deadlineMs} ms: ask for a shorter time`);
  }
}

/** The store of series cannot be asked right now. */
export class TelemetryUnavailableError extends AppError {
  readonly code = 'TELEMETRY_UNAVAILABLE';
  override readonly statusCode = 503;

  constructor(reason: string, options?: ErrorOptions) {
    super(`telemetry is not available: ${reason}`);
    this.cause = options?.cause;
  }
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `10s`, `5m`, `1h`, `90d` in milliseconds; undefined when it is not a duration. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit = ''] = /^([1-9]\d{0,4})([smhd])$/.exec(text) ?? [];
  const factor = unitMs[unit];
  return amount && factor ? Number(amount) * factor : undefined;
}
