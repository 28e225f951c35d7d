import { type Ref, ref } from 'vue';
import { Api } from '../api/api.ts';
import { ProblemError } from '../api/problem-error.ts';
import type { Account } from '../api/shapes.ts';
import { accountAddress } from './account-address.ts';

export type SessionState = { phase: 'asking' } | { phase: 'out'; expired: boolean } | { phase: 'in'; user: Account };

export interface Session {
  readonly state: Readonly<Ref<SessionState>>;
  readonly api: Api;
  /** Finds out whether the cookie of this browser still holds. */
  resume(): Promise<void>;
  /** Who is logged in and stays at the door: to set up a second factor, which may be asked of them. */
  readonly atDoor: Readonly<Ref<Account | undefined>>;
  /** Throws ProblemError. The token stays in the HttpOnly cookie: the page keeps none. */
  login(username: string, password: string, code?: string): Promise<void>;
  /** From the door to the wall. */
  enter(): Promise<void>;
  logout(): Promise<void>;
  /** False once the server has said that the session is over; true when it cannot be asked. */
  stillHolds(): Promise<boolean>;
}

export function createSession(): Session {
  const state = ref<SessionState>({ phase: 'asking' });
  const api = new Api(() => {
    state.value = { phase: 'out', expired: state.value.phase === 'in' };
  });

  const atDoor = ref<Account>();

  const letIn = (user: Account) => {
    const stays = user.secondFactor === 'required' || location.hash === accountAddress;
    atDoor.value = stays ? user : undefined;
    state.value = stays ? { phase: 'out', expired: false } : { phase: 'in', user };
  };
  const whoAmI = async () => letIn(await api.get<Account>('/auth/me'));

  return {
    state,
    api,
    resume: () => whoAmI().catch(() => setOut(state)),
    atDoor,
    login: async (username, password, code) => {
      const asked = { username, password, ...(code && { code }) };
      letIn((await api.post<{ user: Account }>('/auth/login', asked)).user);
    },
    enter: async () => {
      if (location.hash === accountAddress) history.replaceState(undefined, '', location.pathname);
      await whoAmI();
    },
    logout: async () => {
      await api.post('/auth/logout').catch(() => undefined);
      atDoor.value = undefined;
      state.value = { phase: 'out', expired: false };
    },
    stillHolds: async () => {
      try {
        await api.get('/auth/me');
        return true;
      } catch (error) {
        return !(error instanceof ProblemError && error.status === 401);
      }
    },
  };
}

function setOut(state: Ref<SessionState>): void {
  if (state.value.phase === 'asking') state.value = { phase: 'out', expired: false };
}
