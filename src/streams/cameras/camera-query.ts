import { type Static, Type } from 'typebox';
import { isInBounds } from '../../gis/bounds.ts';
import { type Actor, maySee } from '../../shared/actor.ts';
import { AppError } from '../../shared/app-error.ts';
import { CameraState, type CameraStatus } from './camera-status.ts';

export const CameraQuery = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 128, description: 'a part of the id, name, stake or a tag' })),
  area: Type.Optional(Type.String({ maxLength: 128 })),
  state: Type.Optional(CameraState.properties.phase),
  bbox: Type.Optional(Type.String({ maxLength: 128, description: 'west,south,east,north in degrees' })),
  cursor: Type.Optional(Type.String({ maxLength: 64 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 })),
});
export type CameraQuery = Static<typeof CameraQuery>;

/** `bbox` is not four numbers. */
export class BboxError extends AppError {
  readonly code = 'BBOX_INVALID';
  override readonly statusCode = 400;

  constructor() {
    super('bbox must be west,south,east,north in degrees.');
  }
}

export interface CameraPage {
  readonly items: CameraStatus[];
  readonly next?: string;
}

/** The cameras an actor may see and asks for, by id; `next` is the cursor of the following page. Throws BboxError. */
export function queryCameras(cameras: readonly CameraStatus[], query: CameraQuery, actor: Actor): CameraPage {
  const { cursor = '', limit = 100 } = query;
  const inBox = boxFilter(query.bbox);
  const found = cameras
    .filter((camera) => maySee(actor, camera.area) && matches(camera, query) && inBox(camera))
    .filter(({ id }) => id > cursor)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(found.length > limit && last && { next: last.id }) };
}

function matches(camera: CameraStatus, { q, area, state }: CameraQuery): boolean {
  if (area !== undefined && camera.area !== area) return false;
  if (state !== undefined && camera.state.phase !== state) return false;
  const wanted = q?.trim().toLowerCase();
  if (!wanted) return true;
  return [camera.id, camera.name, camera.stake ?? '', ...camera.tags].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}

function boxFilter(bbox: string | undefined): (camera: CameraStatus) => boolean {
  if (bbox === undefined) return () => true;
  const [west, south, east, north, ...more] = bbox.split(',').map(Number);
  const sides = [west, south, east, north].filter((side) => side !== undefined && Number.isFinite(side));
  if (sides.length !== 4 || more.length > 0) throw new BboxError();
  const bounds = { west: west ?? 0, south: south ?? 0, east: east ?? 0, north: north ?? 0 };
  return ({ position }) => position !== undefined && isInBounds(bounds, position);
}
