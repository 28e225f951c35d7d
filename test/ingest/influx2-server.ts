import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';

/** One line of line protocol. */
interface Line {
  readonly measurement: string;
  readonly device: string;
  readonly type: 'float' | 'integer' | 'string';
  readonly value: number;
  readonly at: bigint;
}

type Series = Map<bigint, number>;

export const influx2Login = { org: 'county', bucket: 'telemetry', token: 'only-for-tests' } as const;

const aggregates = ['min', 'mean', 'max', 'last', 'count'] as const;
const nsPerMs = 1_000_000n;

/**
 * The part of InfluxDB 2's API that we use, which Debian's 1.6 does not have: a token, an organisation and a bucket, writes
 * taken in part (a field keeps the type of its first writer), and InfluxQL over a bucket. Points live in memory.
 */
export class Influx2Server implements AsyncDisposable {
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #series = new Map<string, Series>();
  /** Of the field of each measurement, as it was first written. */
  readonly #types = new Map<string, Line['type']>();
  /** Requests so far, by path. */
  readonly asked: string[] = [];
  /** Points in whose place another value was written. */
  overwritten = 0;
  /** So many writes are answered 429, to come back after a second. */
  busy = 0;

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** As somebody else with the same rights does. */
  async write(lines: string): Promise<void> {
    const { port } = this.#server.address() as AddressInfo;
    const { org, bucket, token } = influx2Login;
    const url = `http://127.0.0.1:${port}/api/v2/write?${new URLSearchParams({ org, bucket })}`;
    await fetch(url, { method: 'POST', headers: { authorization: `Token ${token}` }, body: lines });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const url = new URL(request.url ?? '', 'http://influx');
    this.asked.push(url.pathname);
    const body = await text(request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request);
    if (request.headers.authorization !== `Token ${influx2Login.token}`) return refuse(response, 401, 'unauthorized');
    if (url.pathname === '/api/v2/write') return this.#write(url.searchParams, body, response);
    if (url.pathname === '/query') return this.#query(url.searchParams, response);
    return refuse(response, 404, 'not found');
  }

  #write(parameters: URLSearchParams, body: string, response: ServerResponse): ServerResponse {
    if (this.busy > 0) {
      this.busy -= 1;
      response.setHeader('Retry-After', '1');
      return refuse(response, 429, 'too many requests');
    }
    const { org, bucket } = influx2Login;
    if (parameters.get('org') !== org) return refuse(response, 404, `organization ${parameters.get('org')} not found`);
    if (parameters.get('bucket') !== bucket) return refuse(response, 404, 'bucket not found');
    const written = body.split('\n');
    const lines = written.map(readLine).filter((line) => line !== undefined);
    const good = lines.filter((line) => this.#fits(line));
    for (const line of good) this.#keep(line);
    const dropped = lines.length - good.length;
    if (dropped > 0) return refuse(response, 422, `partial write: field type conflict dropped=${dropped}`);
    const unread = written.find((line) => readLine(line) === undefined);
    if (unread === undefined) return response.writeHead(204).end();
    return refuse(response, 400, `partial write: unable to parse '${unread}' dropped=0`);
  }

  #fits({ measurement, type }: Line): boolean {
    const first = this.#types.get(measurement) ?? type;
    this.#types.set(measurement, first);
    return first === type;
  }

  #keep({ measurement, device, value, at }: Line): void {
    const key = `${measurement}\n${device}`;
    const series = this.#series.get(key) ?? new Map<bigint, number>();
    if ((series.get(at) ?? value) !== value) this.overwritten += 1;
    this.#series.set(key, series.set(at, value));
  }

  #query(parameters: URLSearchParams, response: ServerResponse): ServerResponse {
    const asked = readQuery(parameters.get('q') ?? '');
    if (!asked || parameters.get('db') !== influx2Login.bucket || parameters.get('epoch') !== 'ms')
      return refuse(response, 400, 'error parsing query');
    const { measurement, device, from, to, everyMs, limit } = asked;
    const all = [...(this.#series.get(`${measurement}\n${device}`) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    const points = all.filter(([at]) => at >= from * nsPerMs && at < to * nsPerMs);
    const values =
      everyMs === undefined ? points.map(([at, value]) => [Number(at / nsPerMs), value]) : folded(points, everyMs);
    const columns = everyMs === undefined ? ['time', 'value'] : ['time', ...aggregates];
    const series = values.length === 0 ? {} : { series: [{ columns, values: values.slice(0, limit) }] };
    response.writeHead(200, { 'content-type': 'application/json' });
    return response.end(JSON.stringify({ results: [series] }));
  }
}

function refuse(response: ServerResponse, status: number, message: string): ServerResponse {
  return response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ code: status, message }));
}

const linePattern = /^((?:\\.|[^\\,])+),device=((?:\\.|[^ ])+) value=("[^"]*"|[-\d.e+]+i?) (\d+)$/;

function readLine(line: string): Line | undefined {
  const [, measurement, device = '', value = '', at = '0'] = linePattern.exec(line) ?? [];
  if (measurement === undefined) return undefined;
  const type = value.startsWith('"') ? 'string' : value.endsWith('i') ? 'integer' : 'float';
  const name = { measurement: unescaped(measurement), device: unescaped(device) };
  return { ...name, type, value: Number.parseFloat(value), at: BigInt(at) };
}

const unescaped = (text: string) => text.replaceAll(/\\([ ,=])/g, '$1');

const queryPattern =
  /FROM "((?:\\.|[^"])*)" WHERE "device" = '((?:\\.|[^'])*)' AND time >= (-?\d+)ms AND time < (\d+)ms (?:GROUP BY time\((\d+)ms\) fill\(none\)|ORDER BY time ASC) LIMIT (\d+)$/;

function readQuery(text: string) {
  const [, measurement, device, from, to, every, limit] = queryPattern.exec(text) ?? [];
  if (measurement === undefined || device === undefined) return undefined;
  const plain = (quoted: string) => quoted.replaceAll(/\\(.)/g, '$1');
  const span = { from: BigInt(from ?? 0), to: BigInt(to ?? 0), limit: Number(limit) };
  return { measurement: plain(measurement), device: plain(device), ...span, ...(every && { everyMs: Number(every) }) };
}

function folded(points: readonly (readonly [bigint, number])[], everyMs: number): number[][] {
  const width = BigInt(everyMs) * nsPerMs;
  const buckets = Map.groupBy(points, ([at]) => (at / width) * width);
  return [...buckets].map(([at, within]) => {
    const values = within.map(([, value]) => value);
    const sum = values.reduce((total, value) => total + value, 0);
    return [
      Number(at / nsPerMs),
      Math.min(...values),
      sum / values.length,
      Math.max(...values),
      values.at(-1) ?? 0,
      values.length,
    ];
  });
}
