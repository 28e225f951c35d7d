import type { SensorRule } from '../config.ts';
import type { RuleEvent } from '../detection/rules/rule-event.ts';
import { type WatchDefaults, watchPolicyOf } from '../detection/watch-policy.ts';
import type { WatchedCamera } from '../detection/watched-camera.ts';
import type { CaseOutcome, RehearsalCase } from './rehearsal-case.ts';
import { replayCamera } from './replay-camera.ts';
import { replaySensor } from './replay-sensor.ts';

/** The rules that are tried. */
export interface RehearsedRules {
  readonly cameras: readonly WatchedCamera[];
  readonly watch: WatchDefaults;
  readonly sensors: readonly SensorRule[];
}

/** Plays reviewed alerts through rules, in the order in which they were raised: a rule's cooldown holds from one to the next. */
export class Rehearsal {
  readonly #rules: RehearsedRules;
  readonly #cameras: ReadonlyMap<string, WatchedCamera>;
  readonly #events = new Map<string, RuleEvent>();

  constructor(rules: RehearsedRules) {
    this.#rules = rules;
    this.#cameras = new Map(rules.cameras.map((camera) => [camera.id, camera]));
  }

  /** What the rules would have made of it. */
  play({ key, at, trace }: Pick<RehearsalCase, 'key' | 'at' | 'trace'>): CaseOutcome {
    const raisedAt = new Date(at);
    if (trace.type === 'sensor') return replaySensor({ rules: this.#rules.sensors, key, raisedAt, trace });
    const camera = this.#cameras.get(trace.camera);
    if (!camera) return { type: 'silent', because: 'nobody watches the camera any more' };
    const watching = { camera, policy: watchPolicyOf(camera, this.#rules.watch) };
    const before = this.#events.get(key);
    const { outcome, event } = replayCamera({ watching, key, raisedAt, trace, before });
    this.#events.set(key, event);
    return outcome;
  }
}
