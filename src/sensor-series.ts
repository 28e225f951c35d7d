/** What sensors measured around an alert: the alerts ask, the telemetry answers. */
import type { SensorRule } from './alerts/config.ts';
import { lookbackSeconds } from './alerts/rules/look-back.ts';
import { sensorsJudgedWith } from './alerts/rules/rule-index.ts';
import type { SeriesSpan } from './alerts/traces/sensor-traces.ts';
import type { Series } from './alerts/traces/trace.ts';
import type { Device } from './ingest/device.ts';
import type { Ingest } from './ingest/ingest.ts';
import { mostRows } from './ingest/telemetry/telemetry-store.ts';
import { AppError } from './shared/app-error.ts';

export interface SeriesSources {
  readonly registry: { get(id: string): Pick<Device, 'values'> | undefined };
  readonly query: Ingest['query'];
  readonly rules: readonly SensorRule[];
}

/** What was measured does not fit into a trace, and a part of it would tell something else. */
export class SeriesTooDenseError extends AppError {
  readonly code = 'SERIES_TOO_DENSE';

  constructor(sensor: string, measure: string) {
    super(`${measure} of ${sensor} was measured too often to be kept with an alert`);
  }
}

const mostSeries = 50;
/** Three hours of a reading a second. */
const mostPages = 12;
const usualLookbackMs = 600_000;
const longestLookbackMs = 7_200_000;

/** How far before an alert these rules may have looked. */
export function lookbackMs(rules: readonly SensorRule[]): number {
  return Math.min(longestLookbackMs, usualLookbackMs + Math.max(0, ...rules.map(lookbackSeconds)) * 1_000);
}

/**
 * Every measure of the sensor, and of those that its rules look at with it; what measured nothing is left out. Fails with
 * `SERIES_TOO_DENSE`.
 */
export async function seriesAround({ registry, query, rules }: SeriesSources, span: SeriesSpan): Promise<Series[]> {
  const wanted = sensorsJudgedWith(rules, span.sensor).flatMap((sensor) => {
    const measures = Object.keys(registry.get(sensor)?.values ?? {});
    return measures.map((measure) => ({ sensor, measure }));
  });
  const series: Series[] = [];
  for (const one of wanted.slice(0, mostSeries)) {
    const points = await pointsOf(query, { ...span, ...one });
    if (points.length > 0) series.push({ ...one, points });
  }
  return series;
}

async function pointsOf(
  query: SeriesSources['query'],
  { sensor, measure, from, to }: SeriesSpan & { readonly measure: string },
): Promise<Series['points']> {
  const points: Series['points'] = [];
  let after = from.getTime();
  for (let page = 0; page < mostPages; page += 1) {
    const rows = await query({ device: sensor, measurement: measure, from: after, to: to.getTime(), limit: mostRows });
    for (const row of rows) if ('value' in row) points.push([row.at - from.getTime(), row.value]);
    const last = rows.at(-1);
    if (rows.length < mostRows || !last) return points;
    after = last.at + 1;
  }
  throw new SeriesTooDenseError(sensor, measure);
}
