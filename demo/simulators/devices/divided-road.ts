import { readFile } from 'node:fs/promises';
import { Compile } from 'typebox/compile';
import { RoadsGeoJson } from '../../../src/gis/road-feature.ts';
import { RoadLine } from '../../../src/gis/road-line.ts';
import type { DividedRoad } from './patrol-drive.ts';

const roads = Compile(RoadsGeoJson);

/** Both carriageways of a road in `roads.geojson`. Throws when one is missing. */
export async function readDividedRoad(file: string, road: string): Promise<DividedRoad> {
  const { features } = roads.Parse(JSON.parse(await readFile(file, 'utf8')));
  const line = (carriageway: 'up' | 'down') => {
    const feature = features.find(({ properties: it }) => it.id === road && it.carriageway === carriageway);
    if (!feature) throw new Error(`${file}: no ${carriageway} carriageway of ${road}`);
    return new RoadLine(feature);
  };
  return { up: line('up'), down: line('down') };
}
