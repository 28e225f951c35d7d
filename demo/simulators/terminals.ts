import { setTimeout as delay } from 'node:timers/promises';
import type { Manners } from './devices/command-answers.ts';
import { readDividedRoad } from './devices/divided-road.ts';
import { demoFleet, type FleetVehicle } from './devices/fleet.ts';
import { Terminal } from './devices/terminal.ts';

export interface TerminalsOptions {
  /** `mqtt://host:port` */
  readonly url: string;
  /** All terminals have the same. */
  readonly password: string;
  /** A `roads.geojson` with both carriageways of G76. */
  readonly roads: string;
  readonly fleet?: readonly FleetVehicle[];
  /** Between two positions; 2 s unless told. */
  readonly everyMs?: number;
  /** How soon their readers answer a command. */
  readonly manners?: Manners;
}

/** The demo's patrol terminals: real MQTT clients that drive along the road. */
export class Terminals {
  readonly #terminals: readonly Terminal[];

  constructor(terminals: readonly Terminal[]) {
    this.#terminals = terminals;
  }

  get online(): number {
    return this.#terminals.filter(({ connected }) => connected).length;
  }

  /** Returns at once; each terminal keeps dialling until it is in. */
  start(): void {
    for (const terminal of this.#terminals) terminal.start();
  }

  /** Resolves when all are connected; rejects with the reason of `signal`. */
  async connected(signal: AbortSignal): Promise<void> {
    while (this.online < this.#terminals.length) await delay(50, undefined, { signal });
  }

  /** Where a vehicle is and how it moves. Throws for one that does not exist. */
  place(id: string) {
    return this.#find(id).place;
  }

  /** Presses the red button of one terminal. */
  async sos(id: string, text?: string): Promise<void> {
    await this.#find(id).sos(text);
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    await Promise.all(this.#terminals.map((terminal) => terminal.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #find(id: string): Terminal {
    const terminal = this.#terminals.find((candidate) => candidate.id === id);
    if (!terminal) throw new Error(`no terminal ${id}`);
    return terminal;
  }
}

/** Reads the road and starts the fleet. */
export async function startTerminals(options: TerminalsOptions): Promise<Terminals> {
  const { roads, fleet = demoFleet, everyMs = 2_000, ...login } = options;
  const road = await readDividedRoad(roads, 'G76');
  const terminals = new Terminals(fleet.map((vehicle) => new Terminal(vehicle, { ...login, road, everyMs })));
  terminals.start();
  return terminals;
}
