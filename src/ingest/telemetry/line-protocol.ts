import { Point } from '@influxdata/influxdb-client';
import type { TelemetryPoint } from './telemetry-store.ts';

/** A county has some thousand series. */
const mostHeads = 50_000;
const nsPerMs = 1_000_000n;

/**
 * Points as InfluxDB's line protocol. Always a float, so that no first writer can fix another type (F10); the ordinal keeps
 * equal times apart. How names are escaped is the client's affair, and asked once a series: it costs more than the rest.
 */
export class LineProtocol {
  readonly #heads = new Map<string, string>();

  /** Throws RangeError for what is no number. */
  line({ device, measurement, at, value, ordinal = 0 }: TelemetryPoint): string {
    if (!Number.isFinite(value)) throw new RangeError(`${value} is no value`);
    return `${this.#head(device, measurement)}${value} ${BigInt(at) * nsPerMs + BigInt(ordinal)}`;
  }

  #head(device: string, measurement: string): string {
    const key = `${device}\t${measurement}`;
    const known = this.#heads.get(key);
    if (known !== undefined) return known;
    const line = new Point(measurement).tag('device', device).floatField('value', 0).toLineProtocol() ?? '';
    const head = line.slice(0, line.lastIndexOf('value=') + 'value='.length);
    if (this.#heads.size >= mostHeads) this.#heads.clear();
    this.#heads.set(key, head);
    return head;
  }
}
