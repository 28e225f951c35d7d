import { computed, type Ref, ref, watch } from 'vue';
import { isBinding } from '../api/incident-shapes.ts';
import { maySend } from '../session/may.ts';
import { canGo } from './arrival.ts';
import { useCandidates } from './candidates-of.ts';
import { useIncidentOf } from './incident-of.ts';
import type { SendTarget } from './send-target.ts';
import { useSender } from './sender.ts';
import type { SendingSeat } from './sending-seat.ts';

export type DispatchDesk = ReturnType<typeof useDispatchDesk>;

/** Who could go there, who goes, and the one click that takes it and sends somebody. */
export function useDispatchDesk(target: Readonly<Ref<SendTarget>>, seat: SendingSeat) {
  const chosen = ref(0);
  const hovered = ref<string>();
  const adding = ref(false);
  const allowed = maySend(seat.user.role);
  const incidentId = computed(() => target.value.incident);
  const incident = useIncidentOf(incidentId, seat);
  const { candidates, asking, ask } = useCandidates(target, seat);
  const sender = useSender(target, seat, ask);

  const able = computed(() => candidates.value.filter(canGo));
  const binding = computed(() => (incident.value?.assignments ?? []).filter(isBinding));
  const candidate = computed(() => able.value[chosen.value] ?? able.value[0]);
  const listing = computed(() => allowed && target.value.open && (binding.value.length === 0 || adding.value));

  const reset = () => {
    chosen.value = 0;
    hovered.value = undefined;
    adding.value = false;
  };
  watch(
    () => target.value.id,
    () => {
      reset();
      sender.forget();
    },
  );
  watch(() => binding.value.length, reset);

  return {
    ...sender,
    ...{ chosen, hovered, adding, allowed, incident, candidates, asking, ask, able, binding, candidate, listing },
    choose: (index: number) => {
      if (able.value[index]) chosen.value = index;
    },
    /** Whom the primary action sends. */
    sendChosen: async () => {
      if (listing.value && candidate.value) await sender.send(candidate.value.unit);
    },
  };
}
