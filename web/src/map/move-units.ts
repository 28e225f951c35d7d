import { onScopeDispose, watch } from 'vue';
import type { Wall } from '../wall/wall.ts';
import { collection, unitFeature } from './features.ts';
import type { MapView } from './map-view.ts';
import { type Motion, moveTo, positionAt } from './unit-motion.ts';

const frameMs = 80;

/** Draws the units where they are, gliding at most one second between two reports. */
export function moveUnits(view: MapView, wall: Wall): void {
  const motions = new Map<string, Motion>();
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let timer: ReturnType<typeof setTimeout> | undefined;

  const draw = () => {
    timer = undefined;
    const now = performance.now();
    const features = [...wall.world.value.units.values()].flatMap((unit) => {
      const motion = motions.get(unit.id);
      return motion ? [unitFeature(unit, positionAt(motion, now), wall.now.value)] : [];
    });
    view.feed('units', collection(features));
    const moving = [...motions.values()].some(({ end }) => end > now);
    if (moving && document.visibilityState === 'visible') timer = setTimeout(draw, frameMs);
  };

  watch(
    () => wall.world.value.units,
    (units) => {
      const now = performance.now();
      const animate = !still.matches;
      for (const [id, { position }] of units) {
        if (position) motions.set(id, moveTo(motions.get(id), position, { now, animate }));
      }
      for (const id of motions.keys()) if (!units.has(id)) motions.delete(id);
      timer ??= setTimeout(draw, 0);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));
}
