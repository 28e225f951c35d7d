import { isDeepStrictEqual } from 'node:util';
import { type Static, Type } from 'typebox';
import type { Actor } from '../../shared/actor.ts';
import { AppError } from '../../shared/app-error.ts';
import type { CameraConfig } from '../resolve-cameras.ts';

/** What would be otherwise with other cameras: ids, and the names of what changed, never a value, which may be a secret. */
export const CameraPlan = Type.Object({
  added: Type.Array(Type.String()),
  removed: Type.Array(Type.String()),
  changed: Type.Array(
    Type.Object({
      id: Type.String(),
      fields: Type.Array(Type.String(), { description: 'like source or detect.zones' }),
    }),
  ),
});
export type CameraPlan = Readonly<Static<typeof CameraPlan>>;

/** It concerns the cameras of all areas: whoever has but some is shown none of it. */
export class WholeSiteError extends AppError {
  readonly code = 'WHOLE_SITE_ONLY';
  override readonly statusCode = 403;

  constructor() {
    super('This concerns the cameras of all areas, and the account is limited to some.');
  }
}

/** Throws WholeSiteError for an actor of some areas only. */
export function refuseLimited({ areas }: Actor): void {
  if (areas !== 'all') throw new WholeSiteError();
}

type Cameras = readonly CameraConfig[];

/** The way from the cameras that run to others, in the order of the files. */
export function planCameras(running: Cameras, wanted: Cameras): CameraPlan {
  const before = byId(running);
  const after = byId(wanted);
  return {
    added: wanted.filter(({ id }) => !before.has(id)).map(({ id }) => id),
    removed: running.filter(({ id }) => !after.has(id)).map(({ id }) => id),
    changed: wanted.flatMap((camera) => {
      const old = before.get(camera.id);
      const fields = old ? changedFields(old, camera) : [];
      return fields.length > 0 ? [{ id: camera.id, fields }] : [];
    }),
  };
}

/** Whether the plan leaves everything as it is. */
export function isEmptyPlan({ added, removed, changed }: CameraPlan): boolean {
  return added.length + removed.length + changed.length === 0;
}

/** What decides how a camera is connected to: without a change there, nobody who watches notices. */
const playedBy = ['source', 'substream', 'username', 'password', 'transport', 'tls'] as const;

/** Whether a camera has to be dialled anew. */
export function playsOtherwise(before: CameraConfig, after: CameraConfig): boolean {
  return playedBy.some((field) => !isDeepStrictEqual(before[field], after[field]));
}

function byId(cameras: Cameras): Map<string, CameraConfig> {
  return new Map(cameras.map((camera) => [camera.id, camera]));
}

function changedFields(before: object, after: object): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  const old = new Map<string, unknown>(Object.entries(before));
  const now = new Map<string, unknown>(Object.entries(after));
  const names = [...new Set([...old.keys(), ...now.keys()])].toSorted();
  return names.flatMap((name) => changedWithin(name, old.get(name), now.get(name)));
}

/** Named one level deep: `detect.zones` says more than `detect`. */
function changedWithin(name: string, before: unknown, after: unknown): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isRecord(before) || !isRecord(after)) return [name];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return keys.filter((key) => !isDeepStrictEqual(before[key], after[key])).map((key) => `${name}.${key}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
