import { computed, type Ref, ref, watch } from 'vue';
import { ProblemError } from '../api/problem-error.ts';
import type { Account, Alert } from '../api/shapes.ts';
import { type AlertAction, mayAct } from '../session/may.ts';

/** Reasons of a false alarm in the order of their keys 1 to 6. */
export const dismissReasons = ['light', 'weather', 'animal', 'works', 'repeated', 'other'] as const;
export type DismissReason = (typeof dismissReasons)[number];

export const undoMs = 10_000;

type Sending =
  | { phase: 'idle' }
  | { phase: 'sending'; what: AlertAction }
  | { phase: 'failed'; what: AlertAction; code: string };

/** What of the wall the actions need. */
export interface ActingSeat {
  readonly api: { post<T>(path: string, body?: object): Promise<T> };
  readonly user: Pick<Account, 'role'>;
  /** The server's time in milliseconds. */
  readonly now: Readonly<Ref<number>>;
  readonly learn: (alert: Alert) => void;
}

/** What the server takes back when who has just done it asks: all that a seat decides. */
const undone: ReadonlySet<string> = new Set(['acknowledge', 'confirm', 'dismiss']);

/** The actions on one alert: each is sent once and shown at once, and can be taken back for ten seconds. */
export function useAlertDesk(alert: Readonly<Ref<Alert>>, wall: ActingSeat) {
  const sending = ref<Sending>({ phase: 'idle' });
  const undo = ref<{ alert: string; what: AlertAction; until: number }>();
  const choosing = ref(false);
  let last: (() => Promise<void>) | undefined;

  const send = async (what: AlertAction, path: string, body: object = {}) => {
    if (sending.value.phase === 'sending') return;
    const id = alert.value.id;
    last = () => send(what, path, body);
    sending.value = { phase: 'sending', what };
    try {
      wall.learn(await wall.api.post<Alert>(`/alerts/${encodeURIComponent(id)}/${path}`, body));
      undo.value = undone.has(path) ? { alert: id, what, until: wall.now.value + undoMs } : undefined;
      sending.value = { phase: 'idle' };
    } catch (error) {
      sending.value = { phase: 'failed', what, code: error instanceof ProblemError ? error.code : '' };
    }
  };

  watch(
    () => alert.value.id,
    () => {
      choosing.value = false;
      sending.value = { phase: 'idle' };
    },
  );

  const open = computed(() => alert.value.state === 'raised' || alert.value.state === 'acknowledged');
  const can = (what: AlertAction) => mayAct(wall.user.role, what) && open.value;
  return {
    sending,
    choosing,
    undo: computed(() =>
      undo.value?.alert === alert.value.id && wall.now.value < undo.value.until ? undo.value : undefined,
    ),
    canTake: computed(() => can('take') && alert.value.state === 'raised'),
    canConfirm: computed(() => can('confirm')),
    canDismiss: computed(() => can('dismiss')),
    take: () => send('take', 'acknowledge'),
    confirm: () => send('confirm', 'confirm'),
    dismiss: (reason: string) => {
      choosing.value = false;
      return send('dismiss', 'dismiss', { reason });
    },
    release: () => send(undo.value?.what ?? 'take', 'release'),
    retry: () => last?.(),
  };
}
