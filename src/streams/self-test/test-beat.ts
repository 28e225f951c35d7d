import { Rounds } from '../../shared/rounds.ts';
import type { CameraConfig } from '../resolve-cameras.ts';
import type { SelfTest } from './self-test.ts';
import type { SelfTestConfig } from './self-test-config.ts';
import { nextInTurn } from './whose-turn.ts';

export interface TestBeatOptions {
  readonly config: SelfTestConfig;
  readonly test: Pick<SelfTest, 'turnOf' | 'clock'>;
  /** Cameras whose picture can be decoded now; idle ones as well when they may be connected to for it. */
  readonly lookable: (idle: boolean) => string[];
  /** Decodes one picture, which the test is then shown. */
  readonly look: (id: string) => Promise<unknown>;
  /** ONVIF cameras. */
  readonly clocks: () => readonly CameraConfig[];
  /** How far the camera's clock is ahead; undefined when it keeps its time to itself. */
  readonly askClock: (camera: CameraConfig, signal: AbortSignal) => Promise<number | undefined>;
}

/** A camera that may be at fault is looked at again so soon. */
const urgentRestMs = 30_000;
const clockBeatMs = 10_000;
/** A fault is believed when the second answer says the same. */
const urgentClockMs = 60_000;

/** Looks at the cameras nobody looks at, one picture at a beat, and asks one ONVIF camera at a time for its clock. */
export class TestBeat {
  readonly #options: TestBeatOptions;
  readonly #pictures: Rounds;
  readonly #clocks: Rounds;
  readonly #asked = new Map<string, { readonly lastMs: number; readonly urgent: boolean }>();
  /** Also one that gave no picture has had its turn. */
  readonly #tried = new Map<string, number>();

  constructor(options: TestBeatOptions) {
    this.#options = options;
    this.#pictures = new Rounds(options.config.roundSeconds * 1_000, () => this.#look());
    this.#clocks = new Rounds(clockBeatMs, (signal) => this.#ask(signal));
  }

  start(): void {
    if (!this.#options.config.enabled) return;
    this.#pictures.start();
    if (this.#options.config.clockMinutes > 0) this.#clocks.start();
  }

  /** Safe to call twice; once it resolves, nothing is asked or decoded. */
  async close(): Promise<void> {
    await Promise.all([this.#pictures.close(), this.#clocks.close()]);
  }

  async #look(): Promise<void> {
    const { config, test, lookable, look } = this.#options;
    const ids = new Set(lookable(config.dial));
    for (const id of this.#tried.keys()) if (!ids.has(id)) this.#tried.delete(id);
    const all = [...ids].map((id) => ({ id, ...test.turnOf(id) })).filter(({ tested }) => tested);
    const waiting = all.map((one) => ({ ...one, lastMs: latest(one.lastMs, this.#tried.get(one.id)) }));
    const id = nextInTurn(waiting, { now: Date.now(), restMs: config.restSeconds * 1_000, urgentRestMs });
    if (id === undefined) return;
    this.#tried.set(id, Date.now());
    await look(id);
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { config, test, clocks, askClock } = this.#options;
    const cameras = new Map(clocks().map((camera) => [camera.id, camera]));
    for (const id of this.#asked.keys()) if (!cameras.has(id)) this.#asked.delete(id);
    const all = [...cameras.keys()].map((id) => ({
      id,
      ...(this.#asked.get(id) ?? { lastMs: undefined, urgent: false }),
    }));
    const limits = { now: Date.now(), restMs: config.clockMinutes * 60_000, urgentRestMs: urgentClockMs };
    const camera = cameras.get(nextInTurn(all, limits) ?? '');
    if (!camera) return;
    this.#asked.set(camera.id, { lastMs: Date.now(), urgent: false });
    const offsetMs = await askClock(camera, signal);
    if (offsetMs === undefined || signal.aborted) return;
    await test.clock(camera.id, offsetMs);
    this.#asked.set(camera.id, { lastMs: Date.now(), urgent: test.turnOf(camera.id).urgent });
  }
}

function latest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}
