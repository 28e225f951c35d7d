import { type Ref, ref, shallowRef, triggerRef, watch } from 'vue';
import type { Incident } from '../api/incident-shapes.ts';
import type { Link } from '../live/link.ts';

/** What of the wall the board needs. */
export interface BoardSeat {
  readonly api: { get<T>(path: string): Promise<T> };
  readonly incidents: Readonly<Ref<ReadonlyMap<string, Incident>>>;
  readonly link: Readonly<Ref<Link>>;
}

interface Page {
  readonly items: readonly Incident[];
  readonly next?: string;
}

const openStates = ['received', 'assigned', 'dispatched', 'accepted', 'on_scene', 'handled', 'verified'];
const pageSize = 500;
/** Nobody works on more. */
const mostPages = 60;

/** All open incidents: the newest from the live feed, the older ones page by page, each kept at its newest version. */
export function useKnownIncidents({ api, incidents, link }: BoardSeat) {
  const known = shallowRef(new Map<string, Incident>());
  const loading = ref(false);
  const failed = ref(false);
  let turn = 0;

  const absorb = (some: Iterable<Incident>) => {
    let changed = false;
    for (const incident of some) {
      const before = known.value.get(incident.id);
      if (before === incident || (before && before.version >= incident.version)) continue;
      known.value.set(incident.id, incident);
      changed = true;
    }
    if (changed) triggerRef(known);
  };

  const load = async () => {
    turn += 1;
    const own = turn;
    loading.value = true;
    failed.value = false;
    try {
      await readPages(api, absorb, () => own === turn);
    } catch {
      failed.value ||= own === turn;
    }
    loading.value &&= own !== turn;
  };

  watch(incidents, (now) => absorb(now.values()), { immediate: true });
  // What was missed while the link was down may lie beyond what it replays.
  watch(
    () => link.value.phase,
    (phase) => phase === 'open' && load(),
    { immediate: true },
  );
  return { known, loading, failed, load, absorb };
}

/** Until the last page, or until nobody waits for them any more. */
async function readPages(
  api: BoardSeat['api'],
  absorb: (some: readonly Incident[]) => void,
  isWanted: () => boolean,
): Promise<void> {
  const states = openStates.map((state) => `state=${state}`).join('&');
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const from = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { items, next } = await api.get<Page>(`/incidents?${states}&limit=${pageSize}${from}`);
    if (!isWanted()) return;
    absorb(items);
    if (next === undefined) return;
    cursor = next;
  }
}
