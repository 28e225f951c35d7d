import { onScopeDispose, watch } from 'vue';
import type { Unit } from '../api/shapes.ts';
import type { Wall } from '../wall/wall.ts';
import { collection, type Feature, unitFeature } from './features.ts';
import type { MapView } from './map-view.ts';
import { type Motion, nextMotions, onGrid, positionAt } from './unit-motion.ts';

const frameMs = 80;

/** Draws the units where they are, gliding at most one second between two reports. */
export function moveUnits(view: MapView, wall: Wall): void {
  let motions: ReadonlyMap<string, Motion> = new Map();
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let timer: ReturnType<typeof setTimeout> | undefined;

  const draw = () => {
    const now = performance.now();
    view.feed('units', collection(drawnUnits(wall, motions, { now, gridMeters: view.metersPerPixel() / 2 })));
    const moving = [...motions.values()].some(({ end }) => end > now);
    timer = moving && document.visibilityState === 'visible' ? setTimeout(draw, frameMs) : undefined;
  };
  const learn = (units: ReadonlyMap<string, Unit>) => {
    const now = performance.now();
    const visibleMeters = still.matches ? Number.POSITIVE_INFINITY : 2 * view.metersPerPixel();
    motions = nextMotions(motions, units.values(), { now, visibleMeters });
    timer ??= setTimeout(draw, 0);
  };

  watch(() => wall.world.value.units, learn, { immediate: true });
  onScopeDispose(() => clearTimeout(timer));
}

function drawnUnits(
  wall: Wall,
  motions: ReadonlyMap<string, Motion>,
  at: { now: number; gridMeters: number },
): Feature[] {
  return [...wall.world.value.units.values()].flatMap((unit) => {
    const motion = motions.get(unit.id);
    return motion ? [unitFeature(unit, onGrid(positionAt(motion, at.now), at.gridMeters), wall.now.value)] : [];
  });
}
