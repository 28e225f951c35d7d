import type { RunSession } from '../camera/camera-relay.ts';
import { AccessUnitAssembler } from '../rtp/access-unit-assembler.ts';
import type { AccessUnit, Codec } from '../rtp/nal.ts';
import { runRtspSession } from '../rtsp/rtsp-session.ts';
import { failureOf, type StreamFailure } from '../stream-failure.ts';
import { PictureStudy } from './picture-study.ts';
import type { RtspSource } from './probe-source.ts';

/** What the source says it has. */
export interface Described {
  readonly codec: Codec;
  readonly sound?: string | undefined;
}

/** The steps of one attempt to play a source, each to be awaited; all reject with the StreamFailure that ended it. */
export class Attempt {
  readonly described = quiet<Described>();
  readonly setUp = quiet<void>();
  readonly packet = quiet<void>();
  readonly key = quiet<void>();
  readonly studied = quiet<void>();
  readonly study = new PictureStudy();

  picture(unit: AccessUnit): void {
    this.study.look(unit);
    if (this.study.begun) this.key.resolve();
    if (this.study.complete) this.studied.resolve();
  }

  /** What had not happened by now will not. */
  fail(failure: StreamFailure): void {
    for (const step of [this.described, this.setUp, this.packet, this.key, this.studied]) step.reject(failure);
  }
}

/** Plays an RTSP source until the signal aborts; resolves when no connection is left. */
export async function attemptRtsp(attempt: Attempt, source: RtspSource, signal: AbortSignal): Promise<void> {
  let assembler: AccessUnitAssembler | undefined;
  await settle(
    attempt,
    runRtspSession({
      ...source,
      signal,
      onDescribed: ({ video, audio, otherSound }) =>
        attempt.described.resolve({ codec: video.codec, sound: audio?.codec ?? otherSound }),
      onPlaying: ({ codec, parameterSets }) => {
        assembler = new AccessUnitAssembler(codec, parameterSets);
        attempt.setUp.resolve();
      },
      onPacket: (packet) => {
        attempt.packet.resolve();
        for (const unit of assembler?.push(packet) ?? []) attempt.picture(unit);
      },
    }),
  );
}

/** The same for any other source: what it tells on its way is less. */
export async function attemptSession(attempt: Attempt, run: RunSession, signal: AbortSignal): Promise<void> {
  const picture = (unit: AccessUnit) => {
    attempt.described.resolve({ codec: unit.codec });
    attempt.picture(unit);
  };
  const events = { playing: () => attempt.setUp.resolve(), picture, verdict: () => undefined };
  await settle(attempt, run(events, signal));
}

async function settle(attempt: Attempt, session: Promise<void>): Promise<void> {
  await session.then(
    () => attempt.fail(failureOf(new Error('the session ended by itself'))),
    (error: unknown) => attempt.fail(failureOf(error)),
  );
}

/** A step nobody waits for any more may fail unheard. */
function quiet<T>(): PromiseWithResolvers<T> {
  const step = Promise.withResolvers<T>();
  step.promise.catch(() => undefined);
  return step;
}
