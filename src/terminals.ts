/** What exists for the units' terminals besides the board. */
import type { Config } from './config.ts';
import { FenceWatch } from './dispatch/fences/fence-watch.ts';
import type { UnitBoard } from './dispatch/unit-board.ts';
import { fencesOf } from './gis/fence.ts';
import type { Store } from './store/store.ts';

export interface Terminals {
  readonly fences: FenceWatch;
}

export interface TerminalsOptions {
  readonly config: Config;
  readonly store: Store;
  readonly board: UnitBoard;
}

export function buildTerminals({ config, store, board }: TerminalsOptions): Terminals {
  return { fences: new FenceWatch({ fences: fencesOf(config.areas), units: config.units, board, store }) };
}
