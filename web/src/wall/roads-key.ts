import { type InjectionKey, inject, type Ref } from 'vue';
import type { RoadLine } from '../road/road-line.ts';

export const roadsKey: InjectionKey<Readonly<Ref<readonly RoadLine[]>>> = Symbol('roads');

/** The roads of this command center; empty until they are loaded. */
export function useRoads(): Readonly<Ref<readonly RoadLine[]>> {
  const roads = inject(roadsKey);
  if (!roads) throw new Error('no roads are provided above this component');
  return roads;
}

/** The name of an area by its id; the id when it has none. */
export const areaNameKey: InjectionKey<(id: string) => string> = Symbol('area name');

export function useAreaName(): (id: string) => string {
  return inject(areaNameKey, (id: string) => id);
}
