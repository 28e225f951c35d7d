import { startInfluxd } from '../../bench/telemetry/influxd.ts';
import type { InfluxConfig } from '../../src/ingest/config.ts';
import { Influx2Server, influx2Login } from './influx2-server.ts';

/** Debian's own 1.6, and ours of the API of 2.x. */
export type InfluxKind = 'InfluxDB 1.x' | 'InfluxDB 2.x, its API';

/** An InfluxDB to stand behind something that misbehaves. */
export interface InfluxBehind extends AsyncDisposable {
  readonly url: string;
  readonly login: Omit<InfluxConfig, 'url'>;
  /** Points in whose place another value was written; known of ours only. */
  readonly overwritten: () => number;
  /** Written by somebody else. */
  readonly write: (lines: string) => Promise<unknown>;
}

export async function startInfluxBehind(kind: InfluxKind): Promise<InfluxBehind> {
  return kind === 'InfluxDB 1.x' ? await startReal() : await startOurs();
}

async function startReal(): Promise<InfluxBehind> {
  const influxd = await startInfluxd();
  const database = 'behind';
  const post = (path: string, body = '') => fetch(`${influxd.url}${path}`, { method: 'POST', body });
  // Old points are refused: a day is the shortest there is with shards of a day.
  const policy = 'DURATION 3d REPLICATION 1 SHARD DURATION 1d NAME "days"';
  await post(`/query?${new URLSearchParams({ q: `CREATE DATABASE ${database} WITH ${policy}` })}`);
  return {
    url: influxd.url,
    login: { database },
    overwritten: () => 0,
    write: (lines) => post(`/write?db=${database}`, lines),
    [Symbol.asyncDispose]: () => influxd[Symbol.asyncDispose](),
  };
}

async function startOurs(): Promise<InfluxBehind> {
  const server = new Influx2Server();
  const url = await server.start();
  return {
    url,
    login: influx2Login,
    overwritten: () => server.overwritten,
    write: (lines) => server.write(lines),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
