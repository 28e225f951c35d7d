import type { Areas } from '../../gis/areas.ts';
import { type AnyFeatureCollection, featureCollection, type LonLat } from '../../gis/geojson.ts';
import type { PlacedNotice, Warning } from './warning.ts';
import { alertSeverity, noticesInForce } from './warning-alerts.ts';

type Feature = AnyFeatureCollection['features'][number];
type Polygons = readonly (readonly (readonly LonLat[])[])[];

export interface Viewpoint {
  readonly areas: Areas;
  readonly now: Date;
  /** Whether the caller may see an area. */
  readonly sees: (area: string) => boolean;
}

/** The ground of each warning in force that concerns an area the caller may see (RFC 7946). */
export function warningFeatures(warnings: readonly Warning[], view: Viewpoint): AnyFeatureCollection {
  return featureCollection(
    warnings.flatMap((warning) =>
      noticesInForce(warning, view.now).flatMap((notice) => feature(warning, notice, view)),
    ),
  );
}

function feature({ id }: Warning, notice: PlacedNotice, { areas, sees }: Viewpoint): Feature[] {
  const seen = notice.places.map(({ area }) => area).filter(sees);
  if (seen.length === 0) return [];
  const { event, headline = event, from, until } = notice;
  const properties = { id, event, severity: alertSeverity(notice), headline, onset: from, expires: until };
  return [{ type: 'Feature', properties, geometry: geometryOf(polygonsOf(notice, seen, areas)) }];
}

/** A warning by geocode alone has no outline of its own: it is drawn as the areas it means. */
function polygonsOf({ outlines }: PlacedNotice, seen: readonly string[], areas: Areas): Polygons {
  if (outlines.length > 0) return outlines.map((outline) => [outline]);
  return seen.flatMap((area) => areas.polygonsOf(area).map(({ rings }) => rings));
}

function geometryOf(polygons: Polygons): Feature['geometry'] {
  const [only, ...others] = polygons;
  if (only && others.length === 0) return { type: 'Polygon', coordinates: only };
  return { type: 'MultiPolygon', coordinates: polygons };
}
