import { EventEmitter } from 'node:events';
import type { Log } from '../../shared/log.ts';
import { CameraNotFoundError } from '../camera-errors.ts';
import type { CameraStatus } from '../cameras/camera-status.ts';
import type { SampledFrame } from '../frames/frame-sampler.ts';
import type { CameraConfig } from '../resolve-cameras.ts';
import { healthFields, type SightFields, seenMeters } from './camera-health.ts';
import { type CameraTest, forgotten, turned, withClock, withLook, withStall } from './camera-test.ts';
import { daylightOf } from './daylight.ts';
import type { FaultKind } from './fault.ts';
import { type LumaPicture, lumaOfJpeg, lumaOfYuv } from './luma-picture.ts';
import { factsOf } from './picture-facts.ts';
import { rulesFor, type SelfTestConfig, type TestRules } from './self-test-config.ts';
import { type TestChange, Tests } from './tests.ts';

/** A fault of a camera that has begun. */
export interface BegunFault {
  readonly camera: CameraConfig;
  readonly kind: FaultKind;
  readonly since: Date;
  readonly detail: string;
  readonly value: number;
  readonly limit: number;
  readonly unit?: string;
}

export interface SelfTestEvents {
  fault: [fault: BegunFault];
  /** It is seen to be no more, or never was. */
  over: [camera: string, kind: FaultKind];
  /** What a camera's status says of its sight is otherwise. */
  changed: [camera: string];
}

/** A still that was decoded for whoever asked. */
export interface DecodedStill {
  readonly camera: string;
  readonly jpeg: Buffer;
  readonly at: Date;
  readonly live: boolean;
}

export interface SelfTestOptions {
  readonly cameras: readonly CameraConfig[];
  readonly config: SelfTestConfig;
  /** Where scenes are kept; absent: nowhere. */
  readonly directory?: string | undefined;
  /** How far a camera's clock is ahead by what its stream says, milliseconds. */
  readonly streamClock: (camera: string) => number | undefined;
  readonly log: Log;
}

/** Says of each camera whether it sees what it is there for, by pictures that are decoded for others. */
export class SelfTest extends EventEmitter<SelfTestEvents> {
  readonly #options: SelfTestOptions;
  readonly #tests: Tests;
  #cameras: ReadonlyMap<string, CameraConfig>;
  /** Metres of visibility at each camera, where a station tells. */
  readonly #visibility = new Map<string, number>();
  readonly #lookedMs = new Map<string, number>();

  constructor(options: SelfTestOptions) {
    super();
    this.#options = options;
    this.#cameras = byId(options.cameras);
    this.#tests = new Tests(options);
    this.#tests.on('changed', (change) => this.#tell(change));
  }

  /** From now on these are the cameras; what stood of one that is gone, or tested no more, is over. */
  configure(cameras: readonly CameraConfig[]): void {
    this.#cameras = byId(cameras);
    for (const id of this.#tests.ids()) if (!this.#rulesOf(id)) this.#tests.drop(id);
    for (const id of this.#visibility.keys()) if (!this.#cameras.has(id)) this.#visibility.delete(id);
  }

  start(): void {
    void this.#tests.prune(new Set(this.#cameras.keys()));
  }

  /** What the camera's status says of its sight. */
  sight(id: string): SightFields {
    const rules = this.#rulesOf(id);
    const test = this.#tests.get(id);
    const seesMeters = seenMeters(this.#cameras.get(id)?.view?.range, this.#visibility.get(id));
    return { ...(rules && test && healthFields(test, rules)), ...(seesMeters !== undefined && { seesMeters }) };
  }

  /** Whether it may be at fault, so that it is looked at again soon; and when it was last looked at. */
  turnOf(id: string): { readonly urgent: boolean; readonly lastMs: number | undefined; readonly tested: boolean } {
    const { faults } = this.#tests.get(id) ?? {};
    const urgent =
      faults !== undefined && Object.values(faults).some(({ phase }) => phase === 'suspect' || phase === 'fading');
    return { urgent, lastMs: this.#lookedMs.get(id), tested: this.#rulesOf(id) !== undefined };
  }

  /** Looks at a picture decoded for the detector; done when it returns. */
  frame(frame: SampledFrame): void {
    const { camera, at } = frame;
    const everyMs = this.#options.config.everySeconds * 1_000;
    if (!this.#rulesOf(camera) || at.getTime() - (this.#lookedMs.get(camera) ?? 0) < everyMs) return;
    this.#lookedMs.set(camera, at.getTime());
    this.#look(camera, lumaOfYuv(frame), at);
  }

  /** Looks at a still; one of a lost connection says nothing. */
  async still({ camera, jpeg, at, live }: DecodedStill): Promise<void> {
    if (!live || !this.#rulesOf(camera) || at.getTime() <= (this.#lookedMs.get(camera) ?? 0)) return;
    this.#lookedMs.set(camera, Date.now());
    await this.#tests.ready(camera);
    this.#look(camera, await lumaOfJpeg(jpeg), at);
  }

  /** The encoder hangs, or does no more. */
  state({ id, state }: CameraStatus): void {
    const rules = this.#rulesOf(id);
    if (!rules || rules.off.has('frozen') || state.phase === 'idle') return;
    const isStalled = state.phase === 'stale' && state.cause === 'frozen';
    const cause = isStalled
      ? { detail: '编码器重复发送同一帧画面，门限 30 s', value: 30, limit: 30, unit: 's' }
      : undefined;
    // Of a camera never looked at there is nothing to take back.
    if (isStalled || this.#tests.get(id)?.stalled) {
      void this.#tests.ready(id).then(() => this.#tests.change(id, (test) => withStall(test, cause, Date.now())));
    }
  }

  /** `offsetMs`: how far the camera's own clock is ahead. */
  async clock(id: string, offsetMs: number): Promise<void> {
    const rules = this.#rulesOf(id);
    if (!rules) return;
    await this.#tests.ready(id);
    this.#tests.change(id, (test) => withClock(test, offsetMs, { at: Date.now(), rules }));
  }

  /** Metres; undefined when no station tells. */
  weather(id: string, visibility: number | undefined): void {
    const before = this.sight(id).seesMeters;
    if (visibility === undefined) this.#visibility.delete(id);
    else this.#visibility.set(id, visibility);
    if (this.sight(id).seesMeters !== before) this.emit('changed', id);
  }

  /** The camera was told to turn. */
  turned(id: string): void {
    if (this.#tests.get(id)) this.#tests.change(id, (test) => turned(test, Date.now()));
  }

  /** Whatever the camera sees from now on is its view. Throws CameraNotFoundError. */
  async relearn(id: string): Promise<void> {
    if (!this.#cameras.has(id)) throw new CameraNotFoundError();
    await this.#tests.forget(id, forgotten);
  }

  /** Safe to call twice; the scenes are on disk. */
  async close(): Promise<void> {
    await this.#tests.close();
  }

  #look(id: string, picture: LumaPicture, at: Date): void {
    const rules = this.#rulesOf(id);
    if (!rules) return;
    const facts = factsOf(picture);
    const light = daylightOf(at, this.#cameras.get(id)?.position, facts.mean);
    const look = { facts, at: at.getTime(), light, visibility: this.#visibility.get(id) };
    const offsetMs = this.#streamClock(id);
    this.#tests.change(id, (test) => {
      const looked = withLook(test, look, rules);
      return offsetMs === undefined ? looked : withClock(looked, offsetMs, { at: look.at, rules });
    });
  }

  /** What an ONVIF camera says when it is asked for its time is worth more. */
  #streamClock(id: string): number | undefined {
    const isAsked = this.#cameras.get(id)?.source.startsWith('onvif:') && this.#options.config.clockMinutes > 0;
    return isAsked ? undefined : this.#options.streamClock(id);
  }

  #rulesOf(id: string): TestRules | undefined {
    const camera = this.#cameras.get(id);
    return camera && rulesFor(this.#options.config, camera.selfTest);
  }

  #tell({ id, begun, over, before, after }: TestChange): void {
    const camera = this.#cameras.get(id);
    const rules = this.#rulesOf(id);
    for (const kind of over) this.emit('over', id, kind);
    if (!camera || !rules) return;
    for (const { kind, sinceMs, cause } of begun) {
      this.#options.log.warn({ camera: id, fault: kind, detail: cause.detail }, 'camera fault');
      this.emit('fault', { camera, kind, since: new Date(sinceMs), ...cause });
    }
    if (shown(before, rules) !== shown(after, rules)) this.emit('changed', id);
  }
}

/** What a wall is told of: not each look. */
function shown(test: CameraTest, rules: TestRules): string {
  const { health, faults } = healthFields(test, rules);
  return JSON.stringify([health?.sees, health?.why, health?.clockSeconds, faults?.map(({ kind }) => kind)]);
}

function byId(cameras: readonly CameraConfig[]): Map<string, CameraConfig> {
  return new Map(cameras.map((camera) => [camera.id, camera]));
}
