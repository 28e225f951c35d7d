import { onBeforeUnmount, onMounted, type Ref, ref } from 'vue';
import { liveSocket } from '../live/live-socket.ts';
import type { Session } from '../session/session.ts';
import { hintsOf } from './hints.ts';

/** Calls when the unit's work has changed, while the page is open; false while the server cannot say so. */
export function useHints(session: Session, changed: () => void): Readonly<Ref<boolean>> {
  const hears = ref(false);
  const client = hintsOf({
    connect: liveSocket,
    mayRedial: () => session.stillHolds(),
    onChange: changed,
    onHears: (now) => {
      hears.value = now;
    },
  });
  onMounted(() => client.start());
  onBeforeUnmount(() => client.close());
  return hears;
}
