import { answerEach, say } from '../program.ts';
import { Publisher } from './publisher.ts';

/** One burst of all publishers against one broker. */
export interface Burst {
  readonly port: number;
  readonly ids: readonly string[];
  readonly window: number;
  /** Of each publisher. */
  readonly messages: number;
  readonly seconds: number;
  /** Of all publishers together; as many as are acknowledged when not said. */
  readonly perSecond?: number;
  /** A full window at a time, as when there is no rate. */
  readonly whole?: boolean;
}

const tickMs = 5;

export interface BurstResult {
  readonly messagesPerSecond: number;
  readonly acked: number;
  readonly ackMs: readonly number[];
}

/* The publishers, in one process. Says `{}`, then answers each burst with a result. */
say({});
await answerEach(
  async ({ port, ids, window, messages, seconds, perSecond: all, whole }: Burst): Promise<BurstResult> => {
    const perSecond = all === undefined ? undefined : all / ids.length;
    const publishers = ids.map((id) => new Publisher({ port, id, window, most: messages, perSecond, whole }));
    await Promise.all(publishers.map((publisher) => publisher.connect()));
    const startedAt = performance.now();
    const untilMs = startedAt + seconds * 1_000;
    const ticking = setInterval(() => {
      for (const publisher of publishers) publisher.tick();
    }, tickMs);
    await Promise.all(publishers.map((publisher) => publisher.publish(untilMs)));
    clearInterval(ticking);
    const ackMs = publishers.flatMap((publisher) => publisher.ackMs);
    const elapsed = (performance.now() - startedAt) / 1_000;
    return { messagesPerSecond: ackMs.length / elapsed, acked: ackMs.length, ackMs };
  },
);
