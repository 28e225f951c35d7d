import type { GraphModelOptions, ModelFacts } from './graph-model.ts';
import type { Sighting, UnitBox, YuvFrame } from './model.ts';

/** What a detector worker is started with. */
export type WorkerSetup = GraphModelOptions;

export interface WorkerRequest {
  readonly id: number;
  readonly frame: YuvFrame;
  /** Where to look; nowhere is the whole picture. */
  readonly regions: readonly UnitBox[];
}

/** What a worker says. */
export type WorkerAnswer =
  | { readonly type: 'ready'; readonly facts?: ModelFacts }
  | { readonly type: 'unusable'; readonly reason: string }
  | { readonly type: 'sightings'; readonly id: number; readonly sightings: readonly Sighting[] }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };
