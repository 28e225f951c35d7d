import { type Ref, ref } from 'vue';
import { Api } from '../api/api.ts';
import { ProblemError } from '../api/problem-error.ts';
import type { Account } from '../api/shapes.ts';

export type SessionState = { phase: 'asking' } | { phase: 'out'; expired: boolean } | { phase: 'in'; user: Account };

export interface Session {
  readonly state: Readonly<Ref<SessionState>>;
  readonly api: Api;
  /** Finds out whether the cookie of this browser still holds. */
  resume(): Promise<void>;
  /** Throws ProblemError. The token stays in the HttpOnly cookie: the page keeps none. */
  login(username: string, password: string): Promise<void>;
  logout(): Promise<void>;
  /** False once the server has said that the session is over; true when it cannot be asked. */
  stillHolds(): Promise<boolean>;
}

export function createSession(): Session {
  const state = ref<SessionState>({ phase: 'asking' });
  const api = new Api(() => {
    state.value = { phase: 'out', expired: state.value.phase === 'in' };
  });

  const whoAmI = async () => {
    const user = await api.get<Account>('/auth/me');
    state.value = { phase: 'in', user };
  };

  return {
    state,
    api,
    resume: () => whoAmI().catch(() => setOut(state)),
    login: async (username, password) => {
      const { user } = await api.post<{ user: Account }>('/auth/login', { username, password });
      state.value = { phase: 'in', user };
    },
    logout: async () => {
      await api.post('/auth/logout').catch(() => undefined);
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
