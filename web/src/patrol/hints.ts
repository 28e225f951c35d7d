import { patrolTopics } from '../live/contract.ts';
import { LiveClient, type LiveClientOptions } from '../live/live-client.ts';

export interface HintsOptions extends Pick<LiveClientOptions, 'connect' | 'mayRedial'> {
  /** Whether the server can say so now. */
  readonly onHears: (hears: boolean) => void;
  /** Something of the unit's work has changed, or may have. */
  readonly onChange: () => void;
}

/** The server's word that something of the unit's work has changed; what it is, is asked for. */
export function hintsOf({ onHears, onChange, ...link }: HintsOptions): LiveClient {
  let hears = false;
  return new LiveClient({
    ...link,
    topics: patrolTopics,
    seq: () => 0,
    onMessage: (message) => {
      if ('topic' in message && message.topic === 'assignments' && message.type === 'event') onChange();
    },
    onLink: ({ phase }) => {
      const before = hears;
      hears = phase === 'open';
      onHears(hears);
      // What was said before it was open is asked for; and once it is lost, whether there is a net at all.
      if (hears !== before && phase !== 'closed') onChange();
    },
    onLatency: () => undefined,
  });
}
