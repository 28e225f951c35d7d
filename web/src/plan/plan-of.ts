import { type Ref, ref, shallowRef, watch } from 'vue';
import type { Incident, PlanView } from '../api/incident-shapes.ts';
import { type Refusal, refusalOf } from '../sending/refusal.ts';
import type { SendingSeat } from '../sending/sending-seat.ts';

/** The plan of the incident, read again with each change of it; `tick` says that somebody has done a step. */
export function usePlan(incident: Readonly<Ref<Incident>>, { api }: Pick<SendingSeat, 'api'>) {
  const plan = shallowRef<PlanView>();
  const failed = ref(false);
  const busy = ref(false);
  const refusal = ref<Refusal>();
  let turn = 0;
  const path = (id: string) => `/incidents/${encodeURIComponent(id)}/plan`;

  const read = async () => {
    turn += 1;
    const own = turn;
    const answer = await api.get<PlanView>(path(incident.value.id)).catch(() => undefined);
    if (own !== turn) return;
    failed.value = answer === undefined;
    if (answer) plan.value = answer;
  };
  const tick = async (step: string) => {
    if (busy.value) return;
    busy.value = true;
    refusal.value = undefined;
    const { id } = incident.value;
    try {
      const after = await api.post<PlanView>(`${path(id)}/steps/${encodeURIComponent(step)}/done`);
      turn += 1;
      if (id === incident.value.id) plan.value = after;
    } catch (error) {
      refusal.value = refusalOf(error);
    } finally {
      busy.value = false;
    }
  };

  watch(
    [() => incident.value.id, () => incident.value.version],
    ([id], before) => {
      if (id !== before[0]) {
        plan.value = undefined;
        refusal.value = undefined;
      }
      void read();
    },
    { immediate: true },
  );
  return { plan, failed, busy, refusal, read, tick };
}
