import type { Alert, Camera, Position, Sensor, Unit } from '../api/shapes.ts';
import { isOpen } from '../live/world.ts';
import { worseFirst } from '../queue/queue-order.ts';
import { circleRing, sectorRing } from '../road/geo.ts';
import type { ShownWay } from '../sending/ways-shown.ts';
import { pictogramOf } from '../symbols/pictograms.ts';
import { lengthText, visibilityTier } from '../words/figures.ts';
import { reachMeters } from './camera-sight.ts';

export interface Feature {
  readonly type: 'Feature';
  readonly properties: Record<string, unknown>;
  readonly geometry: Geometry;
}
export type Geometry =
  | { readonly type: 'Point'; readonly coordinates: number[] }
  | { readonly type: 'LineString'; readonly coordinates: number[][] }
  | { readonly type: 'Polygon'; readonly coordinates: number[][][] };

export interface FeatureCollection {
  readonly type: 'FeatureCollection';
  readonly features: Feature[];
}

export const collection = (features: Feature[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features,
});

export const pointFeature = ({ lon, lat }: Position, properties: Record<string, unknown>): Feature => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Point', coordinates: [lon, lat] },
});

export type CameraLook = 'online' | 'stale' | 'offline' | 'blind';

export function cameraLook({ state, health }: Camera): CameraLook {
  if (state.phase === 'stale') return 'stale';
  if (state.phase === 'waiting' || state.phase === 'closed') return 'offline';
  return health?.sees === 'nothing' ? 'blind' : 'online';
}

/** Rings, and discs with the tile's number for cameras that are playing below. */
export function cameraFeatures(cameras: Iterable<Camera>, spots: readonly string[]): Feature[] {
  return [...cameras].flatMap((camera) => {
    if (!camera.position) return [];
    const look = cameraLook(camera);
    const slot = spots.indexOf(camera.id) + 1;
    const icon = slot > 0 ? `spot:${look}:${slot}` : `camera:${look}`;
    return [pointFeature(camera.position, { id: camera.id, icon, sort: slot > 0 ? 1 : 0 })];
  });
}

/** What each camera sees, and hatched what it should see and does not; an offline one sees nothing. */
export function sectorFeatures(cameras: Iterable<Camera>, spots: readonly string[]): Feature[] {
  return [...cameras].flatMap((camera) => {
    const look = cameraLook(camera);
    const { position, view } = camera;
    if (!position || !view || look === 'offline') return [];
    const sector = (name: string, meters: number): Feature => {
      const ring = sectorRing(position, view.bearing, { angle: view.angle, meters });
      return { type: 'Feature', properties: { look: name }, geometry: { type: 'Polygon', coordinates: [ring] } };
    };
    if (look !== 'online') return [sector(look, view.range)];
    const reach = reachMeters(camera) ?? view.range;
    const hidden = reach < view.range ? [sector('blind', view.range)] : [];
    return [...hidden, sector(spots.includes(camera.id) ? 'spot' : 'online', reach)];
  });
}

/** A position older than this is not where the unit is. */
const staleAfterMs = 120_000;

export type UnitLook = 'free' | 'busy' | 'scene' | 'stale' | 'off';

export function unitLook(unit: Unit, now: number): UnitLook {
  if (!unit.online || unit.status === 'off') return 'off';
  if (unit.at && now - Date.parse(unit.at) > staleAfterMs) return 'stale';
  if (unit.status === 'free') return 'free';
  return unit.status === 'on_scene' ? 'scene' : 'busy';
}

export function unitFeature(unit: Unit, position: Position, now: number): Feature {
  const look = unitLook(unit, now);
  const shape = unit.heading === undefined ? 'ring' : 'arrow';
  return pointFeature(position, {
    id: unit.id,
    icon: `unit:${look}:${shape}`,
    heading: Math.round(unit.heading ?? 0),
    name: unit.name,
    free: look === 'free',
    sort: look === 'free' ? 1 : 0,
  });
}

/** A pill says one thing: the visibility, else the temperature. */
export function sensorFeatures(sensors: Iterable<Sensor>): Feature[] {
  return [...sensors].flatMap(({ id, position, online, values }) => {
    const visibility = values?.visibility;
    const temperature = values?.temperature;
    if (!position || (visibility === undefined && temperature === undefined)) return [];
    const tier = online ? visibilityTier(visibility) : 'stale';
    const text = visibility === undefined ? `${temperature?.toFixed(1)} °C` : lengthText(visibility);
    const pill = `pill:${tier}:${visibility === undefined ? 'thermometer' : 'fog'}`;
    return [pointFeature(position, { id, pill, text, tier: String(tier), sort: sensorSort(tier) })];
  });
}

const sensorSort = (tier: number | 'stale') => (tier === 'stale' ? 0 : tier);

/** Open alerts, the untaken above the owned, the worst on top. Untaken critical ones have flags of their own. */
export function alertFeatures(alerts: Iterable<Alert>): Feature[] {
  return [...alerts].filter(isOpen).flatMap((alert) => {
    if (!alert.position || isFlagged(alert)) return [];
    const owned = alert.state === 'acknowledged';
    const look = owned || alert.severity === 'info' ? 'owned' : 'open';
    const icon = `alert:${alert.severity}:${look}:${pictogramOf(alert.kind)}`;
    const sort = (owned ? 0 : 10) - worseFirst(alert.severity, 'critical');
    return [pointFeature(alert.position, { id: alert.id, icon, sort })];
  });
}

export function isFlagged(alert: Alert): boolean {
  return alert.state === 'raised' && alert.severity === 'critical';
}

/** Farther from its point than this, a thing is drawn with its circle. */
const unsureMeters = 30;

/** Circles of what may be farther from its point than 30 m, and of the alert somebody looks at, which is asked more closely. */
export function errorFeatures(alerts: Iterable<Alert>, selected?: string): Feature[] {
  return [...alerts].filter(isOpen).flatMap(({ id, position, severity }) => {
    if (!position?.errorMeters || (position.errorMeters <= unsureMeters && id !== selected)) return [];
    const coordinates = [circleRing(position, position.errorMeters)];
    return [{ type: 'Feature', properties: { severity }, geometry: { type: 'Polygon', coordinates } }];
  });
}

/** How somebody would come. */
export function wayFeatures(ways: readonly ShownWay[]): Feature[] {
  return ways.map(({ unit, look, by, coordinates }) => ({
    type: 'Feature',
    properties: { unit, look, by },
    geometry: { type: 'LineString', coordinates },
  }));
}
