/** What cameras have recorded of an alert: kept when it is raised, given out when somebody who may asks for it. */
import type { Alert } from './alerts/alert.ts';
import type { AlertClip } from './alerts/plugin.ts';
import type { Actor } from './shared/actor.ts';
import { type BeginDeed, tellWhenRead } from './shared/deed.ts';
import { ErrorTally } from './shared/error-tally.ts';
import type { Log } from './shared/log.ts';
import type { CameraSpan } from './store/recordings-repository.ts';
import { NothingRecordedError } from './streams/recorder/nothing-recorded-error.ts';
import type { Recorder } from './streams/recorder/recorder.ts';

const beforeMs = 30_000;
const afterMs = 60_000;

/** What led to it and what came of it; undefined for an alert that no camera has seen. */
export function footageSpan({ camera, at }: Pick<Alert, 'camera' | 'at'>): CameraSpan | undefined {
  if (camera === undefined) return undefined;
  const raisedMs = Date.parse(at);
  return { camera, from: new Date(raisedMs - beforeMs), to: new Date(raisedMs + afterMs) };
}

export interface FootageOptions {
  readonly recorder: Pick<Recorder, 'keep' | 'clip'>;
  /** Asked before footage leaves the house: what cannot be told of does not (T40). */
  readonly begin: BeginDeed;
  readonly log: Log;
}

export class AlertFootage {
  readonly #options: FootageOptions;
  readonly #unkept: ErrorTally;

  constructor(options: FootageOptions) {
    this.#options = options;
    this.#unkept = new ErrorTally((count, err) => options.log.error({ count, err }, 'footage of alerts not kept'));
  }

  /** Only when it is new: who decides on an alert later changes nothing of what was seen. */
  keep(alert: Alert): void {
    const span = alert.version === 1 ? footageSpan(alert) : undefined;
    if (!span) return;
    this.#options.recorder.keep(span, `alert/${alert.id}`).catch((error) => this.#unkept.add(error));
  }

  /** Throws NothingRecordedError. */
  async clip(alert: Alert, actor: Actor): Promise<AlertClip> {
    const span = footageSpan(alert);
    if (!span) throw new NothingRecordedError();
    const clip = await this.#options.recorder.clip(span);
    const details = {
      camera: span.camera,
      from: clip.from.toISOString(),
      to: clip.to.toISOString(),
      bytes: clip.bytes,
    };
    const deed = { actor, action: 'recording.export', object: `alert/${alert.id}`, details };
    const end = await this.#options.begin(deed).catch((error) => {
      clip.leave();
      throw error;
    });
    const stream = () => {
      const bytes = clip.stream();
      void tellWhenRead(bytes, end);
      return bytes;
    };
    return { ...clip, stream };
  }
}
