import { computed, type Ref, ref, shallowRef } from 'vue';
import type { Incident } from '../api/incident-shapes.ts';
import type { Alert } from '../api/shapes.ts';
import { AttemptKeys } from './attempt-keys.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import { pathOf, type SendTarget } from './send-target.ts';
import type { SendingSeat } from './sending-seat.ts';

export type SendState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'sending' | 'undoing'; readonly unit: string }
  /** `left` is the incident that the same click has opened, and that is still there. */
  | { readonly phase: 'undone'; readonly unit: string; readonly left?: string }
  | { readonly phase: 'refused'; readonly unit: string; readonly refusal: Refusal };

/** What one click did, and until when it can be taken back. */
interface Sent {
  readonly target: SendTarget;
  readonly incident: string;
  readonly unit: string;
  readonly until: number;
}

export const undoMs = 10_000;
const undoReason = '席位撤回';

/** Sends one unit at a time, once however often it is clicked; for ten seconds that can be taken back. */
export function useSender(target: Readonly<Ref<SendTarget>>, seat: SendingSeat, refused: () => void) {
  const state = ref<SendState>({ phase: 'idle' });
  const sent = shallowRef<Sent>();
  const keys = new AttemptKeys();

  const attempt = async (unit: string, phase: 'sending' | 'undoing', work: () => Promise<SendState>) => {
    if (state.value.phase === 'sending' || state.value.phase === 'undoing') return;
    state.value = { phase, unit };
    try {
      state.value = await work();
      keys.answered();
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal.unknown) keys.answered();
      state.value = { phase: 'refused', unit, refusal };
      refused();
    }
  };

  const send = (unit: string) =>
    attempt(unit, 'sending', async () => {
      const { value: before } = target;
      const path = `${pathOf(before)}/dispatch`;
      const after = await seat.api.post<Incident>(path, { unit, version: before.version }, keys.of(`${path} ${unit}`));
      seat.learnIncident(after);
      sent.value = { target: before, incident: after.id, unit, until: seat.now.value + undoMs };
      return { phase: 'idle' };
    });

  const takeBack = ({ target: before, incident, unit }: Sent) =>
    attempt(unit, 'undoing', async () => {
      const path = `/incidents/${encodeURIComponent(incident)}/recall`;
      const after = await seat.api.post<Incident>(path, { unit, reason: undoReason }, keys.of(`${path} ${unit}`));
      seat.learnIncident(after);
      // What the same click took is given back with it.
      if (before.untaken) seat.learn(await seat.api.post<Alert>(`${pathOf(before)}/release`));
      sent.value = undefined;
      const isLeft = before.kind === 'alerts' && before.incident === undefined;
      return { phase: 'undone', unit, ...(isLeft && { left: incident }) };
    });

  return {
    state,
    sent: computed(() =>
      sent.value?.target.id === target.value.id && seat.now.value < sent.value.until ? sent.value : undefined,
    ),
    send,
    undo: async () => sent.value && takeBack(sent.value),
    forget: () => {
      state.value = { phase: 'idle' };
    },
  };
}
