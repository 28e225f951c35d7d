import { readFileSync } from 'node:fs';
import type { Static, TSchema } from 'typebox';
import { AreasGeoJson } from '../../src/gis/area-feature.ts';
import { RoadsGeoJson } from '../../src/gis/road-feature.ts';
import { checkValue } from '../../src/shared/check-value.ts';

/** The demo's country, read as the server reads it. */
export const demoRoads = () => read('roads', RoadsGeoJson);
export const demoAreas = () => read('areas', AreasGeoJson);

function read<T extends TSchema>(name: string, schema: T): Static<T> {
  const file = new URL(`../../demo/config/${name}.geojson`, import.meta.url);
  const checked = checkValue(schema, JSON.parse(readFileSync(file, 'utf8')));
  if (!checked.ok) throw new Error(JSON.stringify(checked.issues));
  return checked.value;
}
