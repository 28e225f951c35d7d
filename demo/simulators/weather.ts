import { setTimeout as delay } from 'node:timers/promises';
import { connect, type MqttClient } from 'mqtt';
import { type Weather, weatherAt } from './devices/climate.ts';

export interface WeatherOptions {
  /** `mqtt://host:port` */
  readonly url: string;
  readonly password: string;
  /** `ws01` … `ws14` unless told. */
  readonly stations?: readonly string[];
  /** Between two readings; 5 s unless told. */
  readonly everyMs?: number;
}

const demoStations = Array.from({ length: 14 }, (_, index) => `ws${String(index + 1).padStart(2, '0')}`);

/** Weather stations as real MQTT clients. Fog falls on `ws06` between 10 and 25 seconds after the start. */
export class WeatherStations {
  readonly #clients: ReadonlyMap<string, MqttClient>;
  readonly #everyMs: number;
  readonly #held = new Map<string, Partial<Weather>>();
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({ url, password, stations = demoStations, everyMs = 5_000 }: WeatherOptions) {
    this.#everyMs = everyMs;
    const client = (id: string) =>
      connect(url, { clientId: id, username: id, password, reconnectPeriod: 1_000, manualConnect: true });
    this.#clients = new Map(stations.map((id) => [id, client(id)]));
  }

  get online(): number {
    return [...this.#clients.values()].filter(({ connected }) => connected).length;
  }

  /** Returns at once; each station keeps dialling until it is in, and speaks as soon as it is. */
  start(): void {
    if (this.#timer) return;
    this.#startedAt = performance.now();
    for (const [id, client] of this.#clients) {
      // A server that is down for a while is dialled again by the client itself.
      client.on('error', () => {});
      client.on('connect', () => this.#tell(id));
      client.connect();
    }
    this.#timer = setInterval(() => this.#tellAll(), this.#everyMs);
  }

  /** Holds some values of a station, and says so at once. */
  set(id: string, values: Partial<Weather>): void {
    this.#held.set(id, { ...this.#held.get(id), ...values });
    this.#tell(id);
  }

  /** Lets the weather of a station be what it is. */
  release(id: string): void {
    this.#held.delete(id);
    this.#tell(id);
  }

  /** Resolves when all are connected; rejects with the reason of `signal`. */
  async connected(signal: AbortSignal): Promise<void> {
    while (this.online < this.#clients.size) await delay(50, undefined, { signal });
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#clients.values()].map((client) => client.endAsync(true)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #tellAll(): void {
    for (const id of this.#clients.keys()) this.#tell(id);
  }

  #tell(id: string): void {
    const client = this.#clients.get(id);
    if (!client?.connected) return;
    const values = { ...weatherAt(id, (performance.now() - this.#startedAt) / 1_000), ...this.#held.get(id) };
    const reading = JSON.stringify({ at: new Date().toISOString(), values });
    client.publishAsync(`tianliang/sensors/${id}/reading`, reading, { qos: 1 }).catch(() => {});
  }
}

/** Starts the demo's stations. */
export function startWeather(options: WeatherOptions): WeatherStations {
  const stations = new WeatherStations(options);
  stations.start();
  return stations;
}
