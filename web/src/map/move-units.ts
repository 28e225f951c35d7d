import { onScopeDispose, watch } from 'vue';
import type { Unit } from '../api/shapes.ts';
import type { Wall } from '../wall/wall.ts';
import { collection, unitFeature } from './features.ts';
import type { MapView } from './map-view.ts';
import { type DrawnUnit, isVisible, type Motion, nextMotions, positionAt } from './unit-motion.ts';

const smoothMs = 80;

/** Draws the units where they are, gliding at most one second between two reports, when somebody would see it. */
export function moveUnits(view: MapView, wall: Wall): void {
  let motions: ReadonlyMap<string, Motion> = new Map();
  let drawn: ReadonlyMap<string, DrawnUnit> = new Map();
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let timer: ReturnType<typeof setTimeout> | undefined;

  const draw = () => {
    const now = performance.now();
    const shown = shownUnits(wall, motions, now);
    const next = new Map(shown.map(({ unit, look }) => [unit.id, look]));
    const sight = { pixelMeters: view.metersPerPixel(), inView: (at: DrawnUnit['at']) => view.isNear(at) };
    if (isVisible(drawn, next, sight)) {
      drawn = next;
      view.feed('units', collection(shown.map(({ feature }) => feature)));
    }
    const moving = [...motions.values()].some(({ end }) => end > now);
    timer = moving && document.visibilityState === 'visible' ? setTimeout(draw, delayMs()) : undefined;
  };
  const delayMs = () => Math.max(smoothMs, view.frameMs);
  const learn = (units: ReadonlyMap<string, Unit>) => {
    const now = performance.now();
    const visibleMeters = still.matches ? Number.POSITIVE_INFINITY : 2 * view.metersPerPixel();
    motions = nextMotions(motions, units.values(), { now, visibleMeters });
    timer ??= setTimeout(draw, 0);
  };
  const moved = () => {
    drawn = new Map();
    timer ??= setTimeout(draw, 0);
  };

  watch(wall.units, learn, { immediate: true });
  view.map.on('moveend', moved);
  onScopeDispose(() => {
    clearTimeout(timer);
    view.map.off('moveend', moved);
  });
}

function shownUnits(wall: Wall, motions: ReadonlyMap<string, Motion>, now: number) {
  return [...wall.units.value.values()].flatMap((unit) => {
    const motion = motions.get(unit.id);
    if (!motion) return [];
    const at = positionAt(motion, now);
    const feature = unitFeature(unit, at, wall.now.value);
    const { icon, name } = feature.properties;
    return [{ unit, feature, look: { at, heading: unit.heading ?? 0, look: `${icon} ${name}` } }];
  });
}
