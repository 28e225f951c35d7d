import { HttpError, InfluxDB, setLogger, type Transport } from '@influxdata/influxdb-client';
import { withoutSecrets } from '../../shared/without-secrets.ts';
import type { InfluxConfig } from '../config.ts';
import { influxQuery, readInfluxRows } from './influx-query.ts';
import { LineProtocol } from './line-protocol.ts';
import {
  type TelemetryPoint,
  type TelemetryQuery,
  type TelemetryRow,
  type TelemetryStore,
  TelemetryUnavailableError,
} from './telemetry-store.ts';

const deadlineMs = 10_000;
const queryDeadlineMs = 5_000;
const gzipThreshold = 1_000;

/**
 * Series in InfluxDB: written over `/api/v2/write` into a bucket, or over 1.x's `/write` into a database; read by InfluxQL
 * `/query`, which all versions have. Only the client's transport and line protocol are used: its buffering writer forgets
 * what it holds when the process ends (F9), and ours is the spool. One try a call; who calls it decides about the next.
 */
export class InfluxTelemetryStore implements TelemetryStore {
  readonly #config: InfluxConfig;
  readonly #transport: Transport;
  readonly #protocol = new LineProtocol();

  constructor(config: InfluxConfig) {
    this.#config = config;
    const { url, username, password } = config;
    const token = config.token ?? (username === undefined ? undefined : `${username}:${password ?? ''}`);
    this.#transport = new InfluxDB({ url, timeout: deadlineMs, ...(token !== undefined && { token }) }).transport;
    setLogger({ error() {}, warn() {} });
  }

  /** Rejects with the client's HttpError when the server refuses the batch, with another error when it is away. */
  async write(points: readonly TelemetryPoint[]): Promise<void> {
    const lines = points.map((point) => this.#protocol.line(point)).join('\n');
    const signal = AbortSignal.timeout(deadlineMs);
    const headers = { 'content-type': 'text/plain; charset=utf-8', ...this.#authorization() };
    const writing = this.#transport.request(this.#writePath(), lines, {
      method: 'POST',
      headers,
      gzipThreshold,
      signal,
    });
    await writing.catch((error) => {
      throw this.#discreet(error);
    });
  }

  async query(query: TelemetryQuery): Promise<TelemetryRow[]> {
    // Its nanoseconds are more than a number of JSON can tell apart here: many a time would come back a millisecond early.
    const parameters = new URLSearchParams({ db: this.#database(), epoch: 'ms', q: influxQuery(query) });
    const headers = { accept: 'application/json', ...this.#authorization() };
    const signal = AbortSignal.timeout(queryDeadlineMs);
    try {
      const answer = await this.#transport.request(`/query?${parameters}`, '', { method: 'GET', headers, signal });
      return readInfluxRows(typeof answer === 'string' ? JSON.parse(answer) : answer, query);
    } catch (error) {
      const cause = this.#discreet(error);
      throw new TelemetryUnavailableError(reasonOf(cause), { cause });
    }
  }

  /** 1.x only: creates the database, which a server that lost its disk no longer has. */
  async createDatabase(): Promise<void> {
    const { database } = this.#config;
    if (database === undefined) return;
    const parameters = new URLSearchParams({ q: `CREATE DATABASE ${quoted(database)}` });
    const signal = AbortSignal.timeout(deadlineMs);
    await this.#transport.request(`/query?${parameters}`, '', {
      method: 'POST',
      headers: this.#authorization(),
      signal,
    });
  }

  /** The reason of a refusal is shown to many; a server, or a proxy before it, may repeat what it was sent. */
  #discreet(error: unknown): unknown {
    if (!(error instanceof HttpError)) return error;
    const { token, username = '', password } = this.#config;
    const secrets = [token, password, password && `${username}:${password}`];
    const [body, message] = [error.body ?? '', error.message].map((text) => withoutSecrets(text, secrets));
    const retryAfter = String(error.retryAfter());
    return new HttpError(error.statusCode, error.statusMessage, body, retryAfter, error.contentType, message);
  }

  #writePath(): string {
    const { database, org = '', bucket = '' } = this.#config;
    if (database !== undefined) return `/write?${new URLSearchParams({ db: database, precision: 'ns' })}`;
    return `/api/v2/write?${new URLSearchParams({ org, bucket, precision: 'ns' })}`;
  }

  /** In 2.x a bucket without a mapping of its own is found by its name. */
  #database(): string {
    return this.#config.database ?? this.#config.bucket ?? '';
  }

  /** 1.x with authentication on wants Basic; the transport's own header is a token's. */
  #authorization(): Record<string, string> {
    const { username, password = '', token } = this.#config;
    if (username === undefined || token !== undefined) return {};
    return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  }
}

export function reasonOf(error: unknown): string {
  if (error instanceof HttpError) return `${error.statusCode} ${(error.body ?? error.message).slice(0, 300)}`;
  return error instanceof Error ? error.message : String(error);
}

function quoted(name: string): string {
  return `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
