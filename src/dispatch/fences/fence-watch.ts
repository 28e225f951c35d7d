import { depthMeters } from '../../gis/edge-distance.ts';
import type { Fence } from '../../gis/fence.ts';
import type { Store } from '../../store/store.ts';
import {
  type CrossingsPage,
  crossFence,
  type FenceCrossing,
  fenceCrossings,
  fencesOfUnits,
  type NewFenceCrossing,
} from '../../store/unit-fences-repository.ts';
import type { UnitConfig } from '../config.ts';
import type { UnitBoard, UnitMove } from '../unit-board.ts';
import { type FenceState, leavingMargin, nextFenceState } from './fence-state.ts';

export interface FenceWatchOptions {
  readonly fences: readonly Fence[];
  readonly units: readonly UnitConfig[];
  /** Is told which fences each unit is inside of. */
  readonly board: UnitBoard;
  readonly store: Store;
}

interface WatchedFence {
  readonly fence: Fence;
  state: FenceState;
}

interface Step {
  readonly watched: WatchedFence;
  readonly next: FenceState;
}

interface Crossed {
  readonly steps: readonly Step[];
  readonly crossings: readonly NewFenceCrossing[];
}

/** Who is inside of which fence. What it answers for is on disk: a message that is delivered again crosses nothing twice. */
export class FenceWatch {
  readonly #watched: ReadonlyMap<string, readonly WatchedFence[]>;
  readonly #names: ReadonlyMap<string, string>;
  readonly #board: UnitBoard;
  readonly #store: Store;

  constructor({ fences, units, board, store }: FenceWatchOptions) {
    this.#watched = new Map(units.map((unit) => [unit.id, watchedBy(unit, fences)]));
    this.#names = new Map(fences.map(({ id, name }) => [id, name]));
    this.#board = board;
    this.#store = store;
  }

  /** Takes up where the units were; before the first move. */
  async start(): Promise<void> {
    for (const { unit, fence } of await fencesOfUnits(this.#store.db)) {
      const watched = this.#watched.get(unit)?.find((candidate) => candidate.fence.id === fence);
      if (watched) watched.state = 'inside';
    }
    for (const unit of this.#watched.keys()) this.#tell(unit);
  }

  /** Undefined when the move crosses nothing, else resolves once what it crossed is on disk. */
  moved({ unit, fix }: UnitMove): Promise<void> | undefined {
    const { point, at, accuracy } = fix;
    const steps = (this.#watched.get(unit) ?? []).map((watched): Step => {
      const depth = depthMeters(watched.fence.polygons, point, leavingMargin(accuracy));
      return { watched, next: nextFenceState(watched.state, { depthMeters: depth, accuracy }) };
    });
    const crossings = steps.flatMap(({ watched, next }): NewFenceCrossing[] => {
      if ((next === 'inside') === (watched.state === 'inside')) return [];
      return [{ unit, fence: watched.fence.id, kind: next === 'inside' ? 'enter' : 'leave', at, point }];
    });
    if (crossings.length > 0) return this.#cross(unit, { steps, crossings });
    for (const { watched, next } of steps) watched.state = next;
    return undefined;
  }

  /** As people read it; undefined when it is a fence no more. */
  nameOf(fence: string): string | undefined {
    return this.#names.get(fence);
  }

  /** The unit's comings and goings, newest first. */
  async crossings(asked: CrossingsPage): Promise<FenceCrossing[]> {
    return await fenceCrossings(this.#store.db, asked);
  }

  /** What cannot be written has not been crossed: the message comes again. */
  async #cross(unit: string, { steps, crossings }: Crossed): Promise<void> {
    await this.#write(crossings);
    for (const { watched, next } of steps) watched.state = next;
    this.#tell(unit);
  }

  async #write(crossings: readonly NewFenceCrossing[]): Promise<void> {
    await this.#store.transaction(async (tx) => {
      for (const crossing of crossings) await crossFence(tx, crossing);
    });
  }

  #tell(unit: string): void {
    const inside = (this.#watched.get(unit) ?? []).filter(({ state }) => state === 'inside');
    this.#board.note(unit, { fences: inside.map(({ fence }) => fence.id) });
  }
}

/** The fences that count for all, and the ground the unit belongs to. */
function watchedBy({ area }: UnitConfig, fences: readonly Fence[]): WatchedFence[] {
  return fences.filter(({ id, forAll }) => forAll || id === area).map((fence) => ({ fence, state: 'outside' }));
}
