import { AppError } from '../shared/app-error.ts';
import { FlvError } from './flv/flv-error.ts';
import { OnvifError } from './onvif/onvif-errors.ts';
import { CodecError } from './rtp/video-format.ts';
import { RtspError } from './rtsp/rtsp-error.ts';

/** Why a camera shows no picture, as a code a client can translate. */
export const causes = [
  'dns',
  'refused',
  'unauthorized',
  'not_found',
  'timeout',
  'no_packets',
  'no_keyframe',
  'frozen',
  'codec',
  'no_publisher',
  'protocol',
  'lost',
] as const;
export type Cause = (typeof causes)[number];

/** An attempt to play a camera ended: the code, and a sentence an engineer can act on. Never a credential or a URL. */
export class StreamFailure extends AppError {
  readonly code = 'STREAM_FAILED';
  readonly failure: Cause;

  constructor(failure: Cause, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.failure = failure;
  }
}

/** Whatever ended an attempt, in our words; what an unknown error says is not repeated, it might hold a secret. */
export function failureOf(error: unknown): StreamFailure {
  if (error instanceof StreamFailure) return error;
  if (error instanceof RtspError) return new StreamFailure(error.failure, error.message, { cause: error });
  if (error instanceof FlvError) return new StreamFailure(error.failure, error.message, { cause: error });
  if (error instanceof CodecError)
    return new StreamFailure('codec', `The camera's video is refused: ${error.message}.`);
  if (error instanceof OnvifError) return onvifFailure(error);
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new StreamFailure('timeout', 'The camera does not answer in time.', { cause: error });
  }
  return new StreamFailure('protocol', 'The camera cannot be played for a reason that is in the log.', {
    cause: error,
  });
}

function onvifFailure(error: OnvifError & { readonly code: string }): StreamFailure {
  const cause = causes.find((known) => known === error.code) ?? 'protocol';
  return new StreamFailure(cause, `ONVIF: ${error.message}.`, { cause: error });
}
