import { onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue';
import type { Candidate } from '../api/incident-shapes.ts';
import { maySend } from '../session/may.ts';
import { pathOf, type SendTarget } from './send-target.ts';
import type { SendingSeat } from './sending-seat.ts';

const askEveryMs = 15_000;

/** Who could go there: asked when it is chosen and every few seconds after, for units move. */
export function useCandidates(target: Readonly<Ref<SendTarget>>, { api, user }: Pick<SendingSeat, 'api' | 'user'>) {
  const candidates = shallowRef<readonly Candidate[]>([]);
  const asking = ref<'asking' | 'known' | 'failed'>('asking');
  let turn = 0;

  const ask = async () => {
    if (!maySend(user.role) || !target.value.open) return;
    turn += 1;
    const own = turn;
    const path = `${pathOf(target.value)}/candidates`;
    const answer = await api.get<{ items: readonly Candidate[] }>(path).catch(() => undefined);
    if (own !== turn) return;
    if (answer) candidates.value = answer.items;
    asking.value = answer ? 'known' : 'failed';
  };

  watch(
    () => target.value.id,
    () => {
      candidates.value = [];
      asking.value = 'asking';
      void ask();
    },
    { immediate: true },
  );
  const timer = setInterval(ask, askEveryMs);
  onScopeDispose(() => clearInterval(timer));
  return { candidates, asking, ask };
}
