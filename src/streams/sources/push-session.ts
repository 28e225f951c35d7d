import type { SessionEvents } from '../camera/camera-session.ts';
import type { WatchLimits } from '../camera/picture-watch.ts';
import { FlvReader } from '../flv/flv-reader.ts';
import type { PushListener } from '../rtmp/rtmp-intake.ts';
import { StreamFailure } from '../stream-failure.ts';
import { PictureFlow } from './picture-flow.ts';

export interface PushSessionOptions {
  readonly camera: string;
  /** Tells what is pushed for the camera until the returned function is called. */
  readonly listen: (camera: string, listener: PushListener) => () => void;
  readonly events: SessionEvents;
  readonly signal: AbortSignal;
  readonly limits?: WatchLimits;
}

/** One attempt at a camera that pushes to us: waits for the push however long, and ends with it. */
export async function runPushSession({ camera, listen, events, signal, limits }: PushSessionOptions): Promise<void> {
  const over = Promise.withResolvers<void>();
  const onAbort = () => over.resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const push = new PushReceiver(events, { limits, fail: over.reject });
  const stop = listen(camera, push);
  if (!push.running) events.awaits?.(nobodyPushes(camera));
  try {
    await over.promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
    stop();
    push.close();
  }
}

function nobodyPushes(camera: string): StreamFailure {
  return new StreamFailure(
    'no_publisher',
    `Nobody pushes to this camera; its push URL is …/live/${camera} with its key.`,
  );
}

interface PushReceiverOptions {
  readonly limits: WatchLimits | undefined;
  readonly fail: (error: unknown) => void;
}

/** From the tags of one push to pictures; a push that follows on the last one starts over. */
class PushReceiver implements PushListener {
  readonly #events: SessionEvents;
  readonly #options: PushReceiverOptions;
  #run: { readonly flow: PictureFlow; readonly reader: FlvReader } | undefined;

  constructor(events: SessionEvents, options: PushReceiverOptions) {
    this.#events = events;
    this.#options = options;
  }

  get running(): boolean {
    return this.#run !== undefined;
  }

  began(): void {
    this.close();
    const flow = new PictureFlow(this.#events, this.#options.limits);
    const reader = new FlvReader(flow);
    flow.failed.catch(this.#options.fail);
    this.#run = { flow, reader };
  }

  tag(tag: Parameters<PushListener['tag']>[0]): void {
    const run = this.#run;
    run?.flow.attempt(() => {
      run.flow.heard();
      run.reader.take(tag);
    });
  }

  lost(): void {
    this.#run?.reader.lose();
  }

  ended(): void {
    this.#options.fail(new StreamFailure('lost', 'The device stopped pushing.'));
  }

  close(): void {
    this.#run?.flow.close();
    this.#run = undefined;
  }
}
