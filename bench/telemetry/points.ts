import type { TelemetryPoint } from '../../src/ingest/telemetry/telemetry-store.ts';

const names = ['visibility', 'temperature', 'wind', 'humidity'];

/** What so many stations report, each once a second, over and over until there are so many points. */
export function* stationPoints(stations: number, points: number, from: number): Generator<TelemetryPoint> {
  for (let n = 0; n < points; n += 1) {
    const station = Math.floor(n / names.length) % stations;
    const at = from + Math.floor(n / (names.length * stations)) * 1_000;
    const measurement = names[n % names.length] ?? '';
    yield { device: `ws-${station}`, measurement, at, receivedAt: at, value: ((n * 7_919) % 10_007) / 10 };
  }
}

/** The points in lots of so many. */
export function* lotsOf(points: Iterable<TelemetryPoint>, size: number): Generator<TelemetryPoint[]> {
  let lot: TelemetryPoint[] = [];
  for (const point of points) {
    lot.push(point);
    if (lot.length < size) continue;
    yield lot;
    lot = [];
  }
  if (lot.length > 0) yield lot;
}
