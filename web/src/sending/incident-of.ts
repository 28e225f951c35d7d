import { computed, type Ref, watch } from 'vue';
import type { Incident } from '../api/incident-shapes.ts';
import type { SendingSeat } from './sending-seat.ts';

type Knowing = Pick<SendingSeat, 'api' | 'incidents' | 'learnIncident'>;

/** The incident of that id from the live feed, or asked for when it is none of the newest. */
export function useIncidentOf(id: Readonly<Ref<string | undefined>>, { api, incidents, learnIncident }: Knowing) {
  watch(
    id,
    async (wanted) => {
      if (wanted === undefined || incidents.value.has(wanted)) return;
      const found = await api.get<Incident>(`/incidents/${encodeURIComponent(wanted)}`).catch(() => undefined);
      if (found) learnIncident(found);
    },
    { immediate: true },
  );
  return computed(() => (id.value === undefined ? undefined : incidents.value.get(id.value)));
}
