import { onBeforeUnmount, onMounted, type Ref, ref } from 'vue';
import { patrolTopics } from '../live/contract.ts';
import { LiveClient } from '../live/live-client.ts';
import { liveSocket } from '../live/live-socket.ts';
import type { Session } from '../session/session.ts';

/** Calls when the server says that something of the unit's work has changed; false while it cannot say so. */
export function useHints(session: Session, changed: () => void): Readonly<Ref<boolean>> {
  const hears = ref(false);
  const client = new LiveClient({
    connect: liveSocket,
    topics: patrolTopics,
    seq: () => 0,
    onMessage: (message) => {
      if ('topic' in message && message.topic === 'assignments' && message.type === 'event') changed();
    },
    onLink: ({ phase }) => {
      const before = hears.value;
      hears.value = phase === 'open';
      // What was said before it was open is asked for; and once it is lost, whether there is a net at all.
      if (hears.value !== before && phase !== 'closed') changed();
    },
    onLatency: () => undefined,
    mayRedial: () => session.stillHolds(),
  });
  onMounted(() => client.start());
  onBeforeUnmount(() => client.close());
  return hears;
}
