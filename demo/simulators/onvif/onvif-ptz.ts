/** What the motors were told, in order. */
export type PtzCommand =
  | {
      readonly type: 'move';
      readonly profile: string;
      readonly pan: number;
      readonly tilt: number;
      readonly zoom: number;
    }
  | { readonly type: 'stop'; readonly profile: string }
  | { readonly type: 'preset'; readonly profile: string; readonly preset: string };

export interface PtzPreset {
  readonly token: string;
  readonly name: string;
}

interface Axes {
  readonly pan: number;
  readonly tilt: number;
  readonly zoom: number;
}

const still: Axes = { pan: 0, tilt: 0, zoom: 0 };
/** From one end to the other in eight seconds at full speed. */
const rangePerSecond = 0.25;

/** Motors that move while they are told to, and remember every command. */
export class SimulatedPtz {
  readonly commands: PtzCommand[] = [];
  readonly presets: readonly PtzPreset[];
  #from: Axes = still;
  #velocity: Axes = still;
  #sinceMs = 0;
  #untilMs = 0;

  constructor(presets: readonly PtzPreset[]) {
    this.presets = presets;
  }

  get moving(): boolean {
    return this.#velocity !== still && performance.now() < this.#untilMs;
  }

  get position(): Axes {
    const seconds = Math.max(0, Math.min(performance.now(), this.#untilMs) - this.#sinceMs) / 1_000;
    const along = (axis: keyof Axes) => this.#from[axis] + this.#velocity[axis] * seconds * rangePerSecond;
    const within = (value: number, low: number) => Math.max(low, Math.min(1, value));
    return { pan: within(along('pan'), -1), tilt: within(along('tilt'), -1), zoom: within(along('zoom'), 0) };
  }

  move(profile: string, velocity: Axes, timeoutMs: number): void {
    this.commands.push({ type: 'move', profile, ...velocity });
    this.#from = this.position;
    this.#velocity = velocity;
    this.#sinceMs = performance.now();
    this.#untilMs = this.#sinceMs + timeoutMs;
  }

  stop(profile: string): void {
    this.commands.push({ type: 'stop', profile });
    this.#from = this.position;
    this.#velocity = still;
  }

  /** `false` when there is no such preset. */
  goTo(profile: string, preset: string): boolean {
    const index = this.presets.findIndex(({ token }) => token === preset);
    if (index === -1) return false;
    this.commands.push({ type: 'preset', profile, preset });
    this.#from = { pan: index / this.presets.length, tilt: 0, zoom: index / this.presets.length };
    this.#velocity = still;
    return true;
  }
}
