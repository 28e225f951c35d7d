/** Puts configured things on the map: each says where it is in its own way, the rest follows. */
import type { WatchedCamera } from './alerts/detection/watched-camera.ts';
import type { Place, Whereabouts } from './gis/place.ts';
import type { Device } from './ingest/device.ts';
import type { CameraConfig } from './streams/resolve-cameras.ts';

export type Finder = (given: Whereabouts) => Place;

export const isSensor = ({ kind }: Device) => kind === 'sensor';

/** The newest place of a terminal, as the unit board takes it up after a restart. */
export function lastFix({ id, kind, at, position }: Device) {
  return kind === 'terminal' && at && position ? [{ device: id, at: new Date(at), point: position }] : [];
}

/** A sensor with what follows from where it stands. */
export function placedSensor(sensor: Device, find: Finder): Device & Place {
  return { ...sensor, ...find(sensor) };
}

/** Whose it is to see: a terminal is where its unit is, a sensor where it stands. */
export function deviceArea(device: Device, { units, find }: { units: UnitAreas; find: Finder }): string | undefined {
  return (isSensor(device) ? placedSensor(device, find) : units.ofTerminal(device.id))?.area ?? device.area;
}

interface UnitAreas {
  ofTerminal(device: string): { readonly area?: string } | undefined;
}

/** A camera's entry says where it is in any of three ways; the others follow. */
export function placedCamera(camera: CameraConfig, find: Finder): CameraConfig {
  const { position, area } = cameraPlace(camera, find);
  return { ...camera, ...(position && { position }), ...(area !== undefined && { area }) };
}

/** What so many detector workers look at: nothing when there is none. */
export function watchedCameras(cameras: readonly CameraConfig[], workers: number, find: Finder): WatchedCamera[] {
  return workers === 0 ? [] : cameras.flatMap((camera) => watchedCamera(camera, find));
}

/** Only a camera with zones and a place is watched: an alert without a place helps nobody. */
function watchedCamera(camera: CameraConfig, find: Finder): WatchedCamera[] {
  const { position, ...place } = cameraPlace(camera, find);
  const { id, name, detect } = camera;
  return detect && position ? [{ id, name, detect, ...place, position }] : [];
}

/** What somebody reads off a map for a pole beside the road. */
const poleErrorMeters = 15;

/** All that follows from what its entry says of its place. */
export function cameraPlace({ position, road, area, view }: CameraConfig, find: Finder): Place {
  return find({
    clue: { bearing: view?.bearing, errorMeters: poleErrorMeters },
    ...(position && { position }),
    ...(road && { road: road.id }),
    ...(road?.stake !== undefined && { stake: road.stake }),
    ...(road?.carriageway && { carriageway: road.carriageway }),
    ...(area !== undefined && { area }),
  });
}
