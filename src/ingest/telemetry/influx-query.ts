import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { mostRows, type TelemetryQuery, type TelemetryRow } from './telemetry-store.ts';

/** InfluxQL for one series. */
export function influxQuery({ device, measurement, from, to, everyMs, limit }: TelemetryQuery): string {
  const rows = Math.min(limit, mostRows);
  const where = `FROM ${identifier(measurement)} WHERE "device" = ${text(device)} AND time >= ${from}ms AND time < ${to}ms`;
  if (everyMs === undefined) return `SELECT "value" ${where} ORDER BY time ASC LIMIT ${rows}`;
  const folds = 'min("value") AS min, mean("value") AS mean, max("value") AS max, last("value") AS last';
  return `SELECT ${folds}, count("value") AS count ${where} GROUP BY time(${everyMs}ms) fill(none) LIMIT ${rows}`;
}

const Answer = Compile(
  Type.Object({
    results: Type.Array(
      Type.Object({
        error: Type.Optional(Type.String()),
        series: Type.Optional(
          Type.Array(
            Type.Object({
              columns: Type.Array(Type.String()),
              values: Type.Array(Type.Array(Type.Union([Type.Number(), Type.Null(), Type.String()]))),
            }),
          ),
        ),
      }),
    ),
  }),
);

/** Of an answer with times in milliseconds; throws when it is an error or none at all. */
export function readInfluxRows(answer: unknown, { everyMs }: TelemetryQuery): TelemetryRow[] {
  if (!Answer.Check(answer)) throw new Error('the answer of /query is not one');
  const [result] = answer.results;
  if (result?.error !== undefined) throw new Error(result.error);
  const { columns = [], values = [] } = result?.series?.[0] ?? {};
  return values.map((row) => {
    const cell = (name: string) => Number(row[columns.indexOf(name)]);
    const at = cell('time');
    if (everyMs === undefined) return { at, value: cell('value') };
    return {
      at,
      min: cell('min'),
      mean: cell('mean'),
      max: cell('max'),
      last: cell('last'),
      count: cell('count'),
    };
  });
}

function identifier(name: string): string {
  return `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}
