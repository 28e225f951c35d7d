import { computed, onBeforeUnmount, onMounted, type Ref, ref, shallowRef } from 'vue';
import type { AssignmentView } from '../api/incident-shapes.ts';
import { ProblemError } from '../api/problem-error.ts';
import type { Account } from '../api/shapes.ts';
import type { Session } from '../session/session.ts';
import { askAfterMs, dutyState, nextStep, type SentStep } from './duty.ts';
import { openLetterStore } from './letter-store.ts';
import { type Letter, type NewLetter, Outbox, OutboxFullError } from './outbox.ts';
import { lastDuty, lastReported, rememberDuty, rememberReported } from './remembered.ts';
import { useHints } from './use-hints.ts';

const lookEveryMs = 4_000;

export interface DutyTrouble {
  readonly letter: Letter | undefined;
  readonly why: string;
}

export type Duty = ReturnType<typeof useDuty>;

/** The unit's assignment, what the patrol does with it, and what of that still waits for a net. */
export function useDuty(session: Session, user: Account) {
  const assignment = shallowRef<AssignmentView | undefined>(lastDuty());
  const online = ref(navigator.onLine);
  const updatedAt = ref<number>();
  const { api } = session;
  let askedAt = 0;
  let turn = 0;

  const ask = async () => {
    askedAt = Date.now();
    turn += 1;
    const own = turn;
    try {
      const { items } = await api.get<{ items: readonly AssignmentView[] }>('/assignments?open=true&limit=5');
      online.value = true;
      // A later question has been asked meanwhile: its answer is the newer one.
      if (own !== turn) return;
      updatedAt.value = Date.now();
      assignment.value = items[0];
      rememberDuty(items[0]);
      letterDesk.flush();
    } catch (error) {
      if (error instanceof ProblemError && error.status === 0) online.value = false;
    }
  };
  const letterDesk = useLetters(session, user, () => void ask());
  const { letters, post } = letterDesk;
  const hears = useHints(session, () => void ask());
  useTimes(
    () => void ask(),
    () => Date.now() - askedAt >= askAfterMs(hears.value, assignment.value?.state),
  );
  onMounted(ask);
  return { assignment, online, updatedAt, ...letterDesk, ...useSteps(assignment, letters, post) };
}

type Post = (news: NewLetter) => Promise<void>;

/** What is written to the server; `sent` is told when some of it has arrived. */
function useLetters(session: Session, user: Account, sent: () => void) {
  const letters = shallowRef<readonly Letter[]>([]);
  const trouble = shallowRef<DutyTrouble>();
  let outbox: Outbox | undefined;
  const open = async () => {
    outbox = await openOutbox({
      session,
      user,
      changed: (now) => {
        const before = letters.value.length;
        letters.value = now;
        if (now.length < before) sent();
      },
      refused: (letter, { code }) => {
        trouble.value = { letter, why: code };
      },
    });
    return outbox;
  };
  const opened = open();
  onBeforeUnmount(() => void outbox?.close());
  const post: Post = async (news) => {
    try {
      await (await opened).post(news);
    } catch (error) {
      trouble.value = { letter: undefined, why: error instanceof OutboxFullError ? 'full' : 'unkept' };
    }
  };
  return { letters, trouble, post, flush: () => outbox?.flush() };
}

/** What is done with the assignment, shown at once and told when it can be. */
function useSteps(
  assignment: Readonly<Ref<AssignmentView | undefined>>,
  letters: Readonly<Ref<readonly Letter[]>>,
  post: Post,
) {
  const reported = ref(lastReported());
  const unsent = computed(() =>
    letters.value.flatMap(({ step }) => (step && step.assignment === assignment.value?.id ? [step.type] : [])),
  );
  const state = computed(() => assignment.value && dutyState(assignment.value, unsent.value));
  return {
    state,
    next: computed(() => state.value && nextStep(state.value, reported.value === assignment.value?.id)),
    step: async (type: SentStep, body: Record<string, unknown> = {}) => {
      const id = assignment.value?.id;
      if (id === undefined) return;
      const path = `/assignments/${encodeURIComponent(id)}/${type}`;
      await post({ path, body, step: { assignment: id, type } });
    },
    report: async (picture: Blob | undefined) => {
      const { value: current } = assignment;
      if (!current) return;
      if (picture) await post({ path: `/incidents/${encodeURIComponent(current.incident)}/photos`, picture });
      rememberReported(current.id);
      reported.value = current.id;
    },
  };
}

/** Asks again when the answer is old and somebody looks, and whenever the net or the eye comes back. */
function useTimes(ask: () => void, isOld: () => boolean): void {
  const look = () => document.visibilityState === 'visible' && ask();
  let timer: ReturnType<typeof setInterval> | undefined;
  onMounted(() => {
    timer = setInterval(() => isOld() && look(), lookEveryMs);
    window.addEventListener('online', ask);
    window.addEventListener('offline', ask);
    document.addEventListener('visibilitychange', look);
  });
  onBeforeUnmount(() => {
    clearInterval(timer);
    window.removeEventListener('online', ask);
    window.removeEventListener('offline', ask);
    document.removeEventListener('visibilitychange', look);
  });
}

interface Posting {
  readonly session: Session;
  readonly user: Account;
  readonly changed: (letters: readonly Letter[]) => void;
  readonly refused: (letter: Letter, problem: ProblemError) => void;
}

async function openOutbox({ session: { api }, user, changed, refused }: Posting): Promise<Outbox> {
  const outbox = new Outbox({
    box: await openLetterStore(),
    account: user.id,
    send: async ({ path, body, picture, key }) => {
      if (picture) await api.postPicture(path, picture, key);
      else await api.post(path, body, key);
    },
    onChange: changed,
    onRefused: refused,
  });
  await outbox.open();
  return outbox;
}
