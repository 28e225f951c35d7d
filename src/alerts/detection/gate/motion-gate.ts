import type { CameraFrame } from '../model.ts';
import type { WatchedCamera } from '../watched-camera.ts';
import { attendedCells } from './attended-cells.ts';
import type { Background } from './background.ts';
import { type LumaGrid, lumaGrid } from './luma-grid.ts';
import { motionStep } from './motion-step.ts';
import type { Attended, Change } from './moved-regions.ts';
import { type Known, type Look, nextLook } from './next-look.ts';
import { nextSearch, noSearch, type Search, type SearchStep } from './search.ts';

export interface GatePolicy {
  /** How often all of a picture is looked at, whatever moves: a still pedestrian is found so. */
  readonly fullEveryMs: number;
  readonly mostRegions: number;
}

/** Who is there already, and what is being looked at. */
export type Standing = Pick<Known, 'followed' | 'isMissing' | 'pending'>;

/** Decides for one camera which part of which picture the model is asked about. */
export class MotionGate {
  readonly #detect: WatchedCamera['detect'];
  readonly #policy: GatePolicy;
  #background: Background | undefined;
  #attended: Attended | undefined;
  /** When all of a picture was last looked at; undefined when that is still to be done. */
  #wholeAt: number | undefined;
  #search: Search = noSearch;

  constructor(detect: WatchedCamera['detect'], policy: GatePolicy) {
    this.#detect = detect;
    this.#policy = policy;
  }

  /** What of this picture is to be looked at; the pictures come in their order. */
  decide(frame: CameraFrame, standing: Standing): Look {
    const at = frame.at.getTime();
    const change = this.#changeIn(lumaGrid(frame), at);
    const aspect = frame.width / frame.height;
    const { fullEveryMs, mostRegions } = this.#policy;
    const { isEverywhere, boxes } = this.#searchIn(change, standing, at);
    const followed = [...standing.followed, ...boxes];
    const isDue = this.#isDue(at, fullEveryMs);
    return nextLook({ ...standing, followed, isMissing: isEverywhere, change, isDue, aspect, mostRegions });
  }

  /** The model has looked so at a picture. */
  looked({ type }: Look, at: Date): void {
    if (type === 'whole') this.#wholeAt = at.getTime();
  }

  /** A look came to nothing: what it was for is not known, and is looked for everywhere. */
  missed(): void {
    this.#wholeAt = undefined;
  }

  #searchIn(change: Change, standing: Standing, at: number): Pick<SearchStep, 'isEverywhere' | 'boxes'> {
    const step = nextSearch(this.#search, standing, { at, wholeAt: this.#wholeAt, isStill: change.type === 'still' });
    this.#search = step.search;
    return step;
  }

  /** Also when the clock was set back. */
  #isDue(at: number, everyMs: number): boolean {
    return this.#wholeAt === undefined || Math.abs(at - this.#wholeAt) >= everyMs;
  }

  #changeIn(grid: LumaGrid, at: number): Change {
    if (this.#attended?.length !== grid.cells.length) this.#attended = attendedCells(this.#detect, grid);
    const { change, background } = motionStep(this.#background, grid, { at, attended: this.#attended });
    this.#background = background;
    return change;
  }
}
