import { HttpError } from '@influxdata/influxdb-client';
import type { TelemetryPoint } from './telemetry-store.ts';

/** What a server answers to a batch with something in it that it will never take. */
const refusedForGood = new Set([400, 413, 422]);

export function isRefusal(error: unknown): error is HttpError {
  return error instanceof HttpError && refusedForGood.has(error.statusCode);
}

/** Whether none of the points will ever be taken. A write taken in part says how many were dropped. */
export function wasRefusedWhole(points: readonly TelemetryPoint[], { body = '' }: HttpError): boolean {
  const [, dropped] = /\bdropped=(\d+)/.exec(body) ?? [];
  return points.length === 1 || Number(dropped) === points.length;
}

/**
 * The parts a refused batch is sent in next, so that no point is sent more than three times again: by measurement, since a
 * field of another type refuses all of one; then some of one measurement; then each alone.
 */
export function splitRefused<P extends TelemetryPoint>(points: readonly P[], retries: number): P[][] {
  if (retries === 0) {
    const groups = [...Map.groupBy(points, ({ measurement }) => measurement).values()];
    if (groups.length > 1) return groups;
  }
  return slicesOf(points, retries < 2 ? Math.ceil(Math.sqrt(points.length)) : 1);
}

function slicesOf<P>(points: readonly P[], size: number): P[][] {
  return Array.from({ length: Math.ceil(points.length / size) }, (_, n) => points.slice(n * size, (n + 1) * size));
}
