import type { Series } from '../../traces/trace.ts';

/** What was measured, one line a value (RFC 4180). Ids and measures are words of the configuration: no quotes. */
export function telemetryCsv(series: readonly Series[], from: Date): string {
  const lines = series.flatMap(({ sensor, measure, points }) =>
    points.map(([ms, value]) => `${sensor},${measure},${new Date(from.getTime() + ms).toISOString()},${value}`),
  );
  return `${['sensor,measure,at,value', ...lines].join('\r\n')}\r\n`;
}

export function telemetryJson(series: readonly Series[], from: Date): object {
  return series.map(({ sensor, measure, points }) => ({
    sensor,
    measure,
    points: points.map(([ms, value]) => ({ at: new Date(from.getTime() + ms).toISOString(), value })),
  }));
}
