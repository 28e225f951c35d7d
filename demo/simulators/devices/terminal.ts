import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { type Answer, answersTo, type Manners, usualManners } from './command-answers.ts';
import type { FleetVehicle } from './fleet.ts';
import { type DividedRoad, type DriveState, drive, parked, placeOf } from './patrol-drive.ts';

export interface TerminalOptions {
  readonly url: string;
  readonly password: string;
  readonly road: DividedRoad;
  readonly everyMs: number;
  /** How soon its reader answers. */
  readonly manners?: Manners;
}

const statusEveryTurns = 15;
const accuracyMeters = 4;
/** Degrees of latitude; a fix is never quite where the car is. */
const jitter = 2e-5;

/** One terminal in one vehicle: drives its beat and says so over MQTT until closed. */
export class Terminal {
  readonly id: string;
  readonly #vehicle: FleetVehicle;
  readonly #options: TerminalOptions;
  readonly #client: MqttClient;
  #state: DriveState;
  #battery: number;
  #turns = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #answering = new Set<NodeJS.Timeout>();

  constructor(vehicle: FleetVehicle, options: TerminalOptions) {
    this.id = vehicle.id;
    this.#vehicle = vehicle;
    this.#options = options;
    this.#state = parked(vehicle.beat);
    this.#battery = vehicle.battery;
    this.#client = connect(options.url, { ...this.#identity(), manualConnect: true });
    // A server that is down for a while is dialled again by the client itself.
    this.#client.on('error', () => {});
    this.#client.on('connect', () => this.#greet());
    this.#client.on('message', (_, payload) => this.#take(payload));
  }

  get connected(): boolean {
    return this.#client.connected;
  }

  get place() {
    return { ...placeOf(this.#state, this.#options.road), ...this.#state };
  }

  start(): void {
    if (this.#timer) return;
    this.#client.connect();
    this.#timer = setInterval(() => this.#turn(), this.#options.everyMs);
  }

  /** The red button. Resolves once the broker has it. */
  async sos(text?: string): Promise<void> {
    const { lat, lon } = this.place.point;
    await this.#publish('sos', { at: now(), lat, lon, ...(text !== undefined && { text }) });
  }

  /** Says goodbye when it is connected. Safe to call twice. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const answering of this.#answering) clearTimeout(answering);
    if (!this.connected || this.#client.disconnecting) {
      await this.#client.endAsync(true);
      return;
    }
    const goodbye = this.#publish('status', { at: now(), online: false }, true).catch(() => {});
    await Promise.race([goodbye, new Promise((resolve) => setTimeout(resolve, 500).unref())]);
    await this.#client.endAsync(true);
  }

  #identity(): IClientOptions {
    const { ownTracks } = this.#vehicle;
    const payload = ownTracks ? { _type: 'lwt', tst: seconds() } : { online: false };
    return {
      clientId: this.id,
      username: this.id,
      password: this.#options.password,
      reconnectPeriod: 1_000,
      will: {
        topic: ownTracks ? this.#topic('') : this.#topic('status'),
        payload: Buffer.from(JSON.stringify(payload)),
        qos: 1,
        retain: !ownTracks,
      },
    };
  }

  /** Listens first: who is heard is spoken to. */
  #greet(): void {
    if (!this.#vehicle.ownTracks) this.#client.subscribe(`tianliang/commands/${this.id}`, { qos: 1 }, () => {});
    this.#tell();
    if (!this.#vehicle.ownTracks) this.#status();
  }

  #turn(): void {
    this.#state = drive(this.#state, this.#vehicle.beat, {
      seconds: this.#options.everyMs / 1_000,
      random: Math.random,
    });
    this.#battery = Math.max(5, this.#battery - 0.001);
    this.#turns += 1;
    if (!this.connected) return;
    this.#tell();
    if (this.#turns % statusEveryTurns === 0 && !this.#vehicle.ownTracks) this.#status();
  }

  #tell(): void {
    const { point, heading, speed } = this.place;
    const lat = rounded(point.lat + (Math.random() - 0.5) * jitter, 6);
    const lon = rounded(point.lon + (Math.random() - 0.5) * jitter, 6);
    const battery = Math.round(this.#battery);
    const said = this.#vehicle.ownTracks
      ? {
          _type: 'location',
          tst: seconds(),
          lat,
          lon,
          acc: accuracyMeters,
          vel: Math.round(speed * 3.6),
          cog: Math.round(heading),
          batt: battery,
        }
      : {
          at: now(),
          lat,
          lon,
          accuracy: accuracyMeters,
          speed: rounded(speed, 1),
          heading: rounded(heading, 1),
          battery,
        };
    this.#publish('position', said).catch(() => {});
  }

  #status(): void {
    const status = { at: now(), online: true, battery: Math.round(this.#battery), signal: -71, channel: '1' };
    this.#publish('status', status, true).catch(() => {});
  }

  async #publish(kind: 'position' | 'status' | 'sos', said: object, retain = false): Promise<void> {
    const topic = this.#vehicle.ownTracks && kind !== 'sos' ? this.#topic('') : this.#topic(kind);
    await this.#client.publishAsync(topic, JSON.stringify(said), { qos: 1, retain });
  }

  #topic(kind: string): string {
    return kind === '' ? `owntracks/${this.id}/phone` : `tianliang/terminals/${this.id}/${kind}`;
  }

  /** A command may come twice; it is answered twice, and that changes nothing. */
  #take(payload: Buffer): void {
    for (const answer of answersTo(payload.toString(), this.#options.manners ?? usualManners)) {
      const answering = setTimeout(() => {
        this.#answering.delete(answering);
        this.#answer(answer);
      }, answer.afterMs);
      this.#answering.add(answering);
    }
  }

  #answer({ name, state }: Answer): void {
    const receipt = { at: now(), assignment: name, state };
    this.#client.publish(`tianliang/terminals/${this.id}/receipt`, JSON.stringify(receipt), { qos: 1 }, () => {});
  }
}

const now = () => new Date().toISOString();
const seconds = () => Math.floor(Date.now() / 1_000);
const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
