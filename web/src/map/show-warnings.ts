import { computed, onScopeDispose, type Ref, watch } from 'vue';
import type { Alert } from '../api/shapes.ts';
import type { Link } from '../live/link.ts';
import type { FeatureCollection } from './features.ts';

export interface WarningSight {
  readonly alerts: Ref<ReadonlyMap<string, Alert>>;
  readonly link: Ref<Link>;
  readonly ask: () => Promise<FeatureCollection>;
  readonly draw: (warnings: FeatureCollection) => void;
}

/** Keeps the ground of weather warnings on the map: asked for once, and again whenever an alert of one has changed. */
export function showWarnings({ alerts, link, ask, draw }: WarningSight): void {
  let turn = 0;
  const learn = async () => {
    turn += 1;
    const own = turn;
    // What fails is asked for again with the next change, or when the link is back.
    const found = await ask().catch(() => undefined);
    if (found && own === turn) draw(found);
  };
  const mark = computed(() => (link.value.phase === 'open' ? warningMark(alerts.value.values()) : undefined));
  watch(mark, (now) => now !== undefined && void learn(), { immediate: true });
  onScopeDispose(() => {
    turn += 1;
  });
}

/** Another text when an alert of a weather warning has come, changed or gone. */
function warningMark(alerts: Iterable<Alert>): string {
  const warnings = [...alerts].filter(({ kind }) => kind === 'weather-warning');
  return warnings
    .map(({ id, version }) => `${id} ${version}`)
    .toSorted()
    .join();
}
