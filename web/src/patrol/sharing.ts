import { type Ref, ref } from 'vue';
import { ProblemError } from '../api/problem-error.ts';
import type { Position } from '../api/shapes.ts';

/** `asking` waits for the patrol's own consent, which is asked each time anew. */
export type Sharing =
  | { readonly phase: 'off' }
  | { readonly phase: 'asking' }
  | { readonly phase: 'on'; readonly since: number; readonly told: boolean }
  | { readonly phase: 'stopped'; readonly because: 'denied' | 'no-fix' | 'off-shift' | 'no-unit' };

/** Where the phone is, as the browser says it (Geolocation §7): metres, metres a second, degrees from north. */
export interface PhoneFix {
  readonly coords: {
    readonly latitude: number;
    readonly longitude: number;
    readonly accuracy: number;
    readonly speed: number | null;
    readonly heading: number | null;
  };
}

/** The part of the browser's geolocation that is used. */
export interface Fixes {
  watchPosition(
    tell: (fix: PhoneFix) => void,
    fail: (problem: { readonly code: number }) => void,
    options: { readonly enableHighAccuracy: boolean; readonly maximumAge: number },
  ): number;
  clearWatch(watch: number): void;
}

export interface SharingOptions {
  readonly post: (path: string, body: object) => Promise<unknown>;
  readonly geolocation: Fixes | undefined;
  readonly now?: () => number;
}

const tellEveryMs = 5_000;
const denied = 1;

/** The unit's position, told while the patrol wants it to be; nothing is kept for later. */
export class PositionSharing {
  readonly state: Ref<Sharing> = ref({ phase: 'off' });
  readonly position: Ref<Position | undefined> = ref();
  readonly #options: SharingOptions;
  #watch: number | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(options: SharingOptions) {
    this.#options = options;
  }

  ask(): void {
    this.state.value = { phase: 'asking' };
  }

  /** The patrol has agreed. */
  start(): void {
    const { geolocation } = this.#options;
    if (!geolocation) {
      this.#stop('no-fix');
      return;
    }
    this.state.value = { phase: 'on', since: this.#now(), told: false };
    this.#watch = geolocation.watchPosition(
      (fix) => void this.#fixed(fix),
      ({ code }) => code === denied && this.#stop('denied'),
      { enableHighAccuracy: true, maximumAge: 2_000 },
    );
  }

  stop(): void {
    this.#end();
    this.state.value = { phase: 'off' };
  }

  async #fixed({ coords }: PhoneFix): Promise<void> {
    const { latitude: lat, longitude: lon, accuracy, speed, heading } = coords;
    this.position.value = { lat, lon, errorMeters: accuracy };
    const now = this.#now();
    if (now - this.#toldAt < tellEveryMs) return;
    this.#toldAt = now;
    const motion = {
      ...(speed !== null && { speed: Math.min(100, speed) }),
      ...(heading !== null && !Number.isNaN(heading) && { heading }),
    };
    try {
      await this.#options.post('/patrol/position', { lat, lon, accuracy: Math.min(100_000, accuracy), ...motion });
      if (this.state.value.phase === 'on') this.state.value = { ...this.state.value, told: true };
    } catch (error) {
      this.#refused(error);
    }
  }

  /** Without a net it goes on: the next one is told. */
  #refused(error: unknown): void {
    if (!(error instanceof ProblemError)) return;
    if (error.code === 'OFF_SHIFT') this.#stop('off-shift');
    else if (error.code === 'NO_UNIT' || error.status === 403) this.#stop('no-unit');
    else if (error.status === 401) this.stop();
  }

  #stop(because: Extract<Sharing, { phase: 'stopped' }>['because']): void {
    this.#end();
    this.state.value = { phase: 'stopped', because };
  }

  #end(): void {
    if (this.#watch !== undefined) this.#options.geolocation?.clearWatch(this.#watch);
    this.#watch = undefined;
    this.position.value = undefined;
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }
}
