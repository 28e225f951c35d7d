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
}

export interface BurstResult {
  readonly messagesPerSecond: number;
  readonly acked: number;
  readonly ackMs: readonly number[];
}

/* The publishers, in one process. Says `{}`, then answers each burst with a result. */
say({});
await answerEach(async ({ port, ids, window, messages, seconds }: Burst): Promise<BurstResult> => {
  const startedAt = performance.now();
  const untilMs = startedAt + seconds * 1_000;
  const publishers = ids.map((id) => new Publisher({ port, id, window, most: messages, untilMs }));
  await Promise.all(publishers.map((publisher) => publisher.run()));
  const ackMs = publishers.flatMap((publisher) => publisher.ackMs);
  const elapsed = (performance.now() - startedAt) / 1_000;
  return { messagesPerSecond: ackMs.length / elapsed, acked: ackMs.length, ackMs };
});
