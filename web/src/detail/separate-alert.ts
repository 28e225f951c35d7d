import { computed, type Ref, ref, watch } from 'vue';
import { ProblemError } from '../api/problem-error.ts';
import type { Alert, MergedPart } from '../api/shapes.ts';
import { mayAct } from '../session/may.ts';
import type { ActingSeat } from './alert-desk.ts';

type Sending = { phase: 'idle' } | { phase: 'sending' } | { phase: 'failed'; part: string; code: string };

/** Taking an alert apart into the alerts that it was made of, one part at a time. */
export function useSeparation(alert: Readonly<Ref<Alert>>, wall: Pick<ActingSeat, 'api' | 'user' | 'learn'>) {
  const sending = ref<Sending>({ phase: 'idle' });

  watch(
    () => alert.value.id,
    () => {
      sending.value = { phase: 'idle' };
    },
  );

  return {
    sending,
    /** Its own source first. */
    parts: computed<readonly MergedPart[]>(() => alert.value.merged ?? []),
    canSeparate: computed(() => mayAct(wall.user.role, 'separate') && sending.value.phase !== 'sending'),
    separate: async (part: string) => {
      if (sending.value.phase === 'sending') return;
      const { id, version } = alert.value;
      sending.value = { phase: 'sending' };
      try {
        wall.learn(await wall.api.post<Alert>(`/alerts/${encodeURIComponent(id)}/unmerge`, { part, version }));
        sending.value = { phase: 'idle' };
      } catch (error) {
        sending.value = { phase: 'failed', part, code: error instanceof ProblemError ? error.code : '' };
      }
    },
  };
}
