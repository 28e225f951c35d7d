import type { RgbFrame, Sighting } from './model.ts';

/** What a detector worker is started with. */
export interface WorkerSetup {
  readonly path: string;
  readonly labels: readonly (readonly [number, string])[];
  readonly minScore: number;
}

export interface WorkerRequest {
  readonly id: number;
  readonly frame: RgbFrame;
}

/** What a worker says. It hands the pixels back with its answer. */
export type WorkerAnswer =
  | { readonly type: 'ready' }
  | { readonly type: 'unusable'; readonly code: string; readonly message: string }
  | {
      readonly type: 'sightings';
      readonly id: number;
      readonly rgb: Uint8Array<ArrayBuffer>;
      readonly sightings: readonly Sighting[];
    }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };
