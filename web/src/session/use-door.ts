import { onBeforeUnmount, onMounted } from 'vue';
import { accountAddress } from './account-address.ts';
import type { Session } from './session.ts';

/** Who is in and follows a link to their account comes to the door, where a second factor is set up. */
export function useDoor(session: Pick<Session, 'resume'>): void {
  const look = () => {
    if (location.hash === accountAddress) void session.resume();
  };
  onMounted(() => window.addEventListener('hashchange', look));
  onBeforeUnmount(() => window.removeEventListener('hashchange', look));
}
