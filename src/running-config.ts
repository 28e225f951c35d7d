import { isDeepStrictEqual } from 'node:util';
import type { Config } from './config.ts';
import { changesListening, type ListeningPlan, planListening } from './ingest/listening-plan.ts';
import { type Actor, systemActor } from './shared/actor.ts';
import { ConfigError } from './shared/config-error.ts';
import { type EndDeed, perform } from './shared/deed.ts';
import type { Log } from './shared/log.ts';
import { type CameraPlan, isEmptyPlan, planCameras } from './streams/cameras/camera-plan.ts';

/** What of a configuration can take the place of what runs, part by part. */
export type ChangeableConfig = Pick<Config, 'cameras' | 'rules' | 'plans' | 'tianliang' | 'responsibility' | 'roads'>;

/** Which parts of it are others than before. */
export interface ChangedParts {
  readonly cameras: boolean;
  readonly rules: boolean;
  /** Devices, decoders and dialects. */
  readonly devices: boolean;
  readonly detector: boolean;
  /** The matrix and its calendar. */
  readonly responsibility: boolean;
  readonly roads: boolean;
  readonly plans: boolean;
}

const changeActions = [
  'cameras.apply',
  'devices.apply',
  'detector.apply',
  'responsibility.apply',
  'roads.apply',
  'plans.apply',
] as const;

/** Who makes which cameras and devices run. */
export interface ConfigChange {
  readonly actor: Actor;
  readonly action: (typeof changeActions)[number];
  readonly details: object;
}

export interface RunningConfigOptions {
  readonly config: Config;
  /** What the files say now. Fails with `ConfigError` when they are not valid. */
  readonly read: () => Promise<Config>;
  /** Tries what may fail only when it is tried, before anything changes. Fails with `ConfigError`. */
  readonly prepare?: (config: Config) => Promise<void>;
  /** Makes it so. */
  readonly apply: (config: ChangeableConfig, what: ChangedParts) => Promise<void>;
  /** Asked before anything changes: what cannot be told of does not. */
  readonly begin: (...changes: readonly ConfigChange[]) => Promise<EndDeed>;
  readonly log: Log;
}

/** Which file each part stands in that only a restart takes up. */
const filesOfRest = {
  tianliang: 'tianliang.yaml',
  units: 'units.yaml',
  areas: 'areas.geojson',
  land: 'land.geojson',
} as const satisfies Partial<Record<keyof Config, string>>;

/** The configuration that runs, and how another one takes its place: whole and valid, or not at all. */
export class RunningConfig {
  readonly #options: RunningConfigOptions;
  #running: Config;
  #refused = false;
  #waiting: readonly string[] = [];
  #looking: Promise<Config> | undefined;
  /** One at a time: two changes at once would be half of each. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: RunningConfigOptions) {
    this.#options = options;
    this.#running = options.config;
  }

  get config(): Config {
    return this.#running;
  }

  /** In a word or two: `ok`, `refused` (the files are wrong, the former configuration runs), or what waits for a restart. */
  get health(): string {
    if (this.#refused) return 'refused';
    return this.#waiting.length === 0 ? 'ok' : `restart for ${this.#waiting.join(', ')}`;
  }

  /** What `apply` would change. Fails with `ConfigError`. */
  async plan(): Promise<CameraPlan> {
    // Who asks while it is read is told the same: reading thousands of cameras takes seconds and a thread.
    this.#looking ??= this.#options.read().finally(() => {
      this.#looking = undefined;
    });
    const { cameras } = await this.#looking;
    return planCameras(this.#running.cameras, cameras);
  }

  /** Makes the files what runs, and tells what changed. Fails with `ConfigError`, and then everything stays as it is. */
  apply(actor: Actor): Promise<CameraPlan> {
    const applied = this.#turn.then(() => this.#apply(actor));
    this.#turn = applied.catch(() => undefined);
    return applied;
  }

  /** The files were changed by somebody: the same as `apply`, but what is wrong is said in the log. */
  async reload(): Promise<void> {
    try {
      await this.apply(systemActor);
    } catch (err) {
      if (err instanceof ConfigError) {
        const issues = err.message.split('\n').slice(0, 50);
        this.#options.log.error({ issues, count: err.issues.length }, 'config refused, the former one keeps running');
      } else this.#options.log.error({ err }, 'config not read, the former one keeps running');
    }
  }

  async #apply(actor: Actor): Promise<CameraPlan> {
    const wanted = await this.#read();
    const plan = planCameras(this.#running.cameras, wanted.cameras);
    const listening = planListening(this.#running.tianliang, wanted.tianliang);
    const what = {
      cameras: !isEmptyPlan(plan),
      rules: !isDeepStrictEqual(this.#running.rules, wanted.rules),
      devices: changesListening(listening),
      detector: this.#changesDetector(wanted),
      responsibility: !isDeepStrictEqual(this.#running.responsibility, wanted.responsibility),
      roads: !isDeepStrictEqual(this.#running.roads, wanted.roads),
      plans: !isDeepStrictEqual(this.#running.plans, wanted.plans),
    };
    const details = {
      ...((what.cameras || what.rules) && { 'cameras.apply': { ...summaryOf(plan), rules: what.rules } }),
      ...(what.devices && { 'devices.apply': devicesSummary(listening) }),
      ...(what.detector && { 'detector.apply': detectorSummary(wanted) }),
      ...(what.responsibility && { 'responsibility.apply': { rows: wanted.responsibility.rows.length } }),
      ...(what.roads && { 'roads.apply': { roads: wanted.roads.features.length } }),
      ...(what.plans && { 'plans.apply': { plans: some(wanted.plans.map(({ id }) => id)) } }),
    };
    if (Object.keys(details).length > 0) await this.#change({ actor, wanted, what }, details);
    const { cameras, rules, plans, include, tianliang, responsibility, roads } = wanted;
    const { devices, decoders, dialects, detector } = tianliang;
    const running = { ...this.#running.tianliang, devices, decoders, dialects, detector };
    this.#running = { ...this.#running, cameras, rules, plans, include, responsibility, roads, tianliang: running };
    this.#noteRest(wanted);
    return plan;
  }

  async #change({ actor, wanted, what }: WantedChange, details: ChangeDetails): Promise<void> {
    const { begin, apply } = this.#options;
    const changes = changeActions.flatMap((action) =>
      details[action] ? { actor, action, details: details[action] } : [],
    );
    await perform(begin(...changes), () => apply(wanted, what));
    for (const facts of Object.values(details)) this.#options.log.info(facts, 'config applied');
  }

  async #read(): Promise<Config> {
    try {
      const wanted = await this.#options.read();
      if (this.#changesDetector(wanted)) await this.#options.prepare?.(wanted);
      this.#refused = false;
      return wanted;
    } catch (error) {
      this.#refused = true;
      throw error;
    }
  }

  #changesDetector({ tianliang }: Config): boolean {
    return !isDeepStrictEqual(this.#running.tianliang.detector, tianliang.detector);
  }

  #noteRest(wanted: Config): void {
    const parts = Object.keys(filesOfRest) as (keyof typeof filesOfRest)[];
    const waiting = parts.filter((part) => !isDeepStrictEqual(this.#running[part], wanted[part]));
    const files = waiting.map((part) => filesOfRest[part]);
    if (files.length > 0 && !isDeepStrictEqual(files, this.#waiting))
      this.#options.log.warn({ files }, 'config changed, restart needed');
    this.#waiting = files;
  }
}

interface WantedChange {
  readonly actor: Actor;
  readonly wanted: Config;
  readonly what: ChangedParts;
}

type ChangeDetails = Readonly<Partial<Record<ConfigChange['action'], object>>>;

const mostNamed = 20;
const some = (ids: readonly string[]) => ({ count: ids.length, ids: ids.slice(0, mostNamed) });

/** Of thousands the first few by name. */
function summaryOf({ added, removed, changed }: CameraPlan): object {
  return { added: some(added), removed: some(removed), changed: some(changed.map(({ id }) => id)) };
}

function devicesSummary({ added, removed, changed, decoders, dialects }: ListeningPlan): object {
  return { added: some(added), removed: some(removed), changed: some(changed), decoders, dialects };
}

/** A model by its last part: what stands before it may be a URL with a word of its own. */
function detectorSummary({ tianliang }: Config): object {
  const { model = 'default', workers, score } = tianliang.detector;
  return { model: model.split(/[?#]/)[0]?.split(/[/\\]/).at(-1), workers, score };
}
