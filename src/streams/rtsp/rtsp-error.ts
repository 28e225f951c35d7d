import { AppError } from '../../shared/app-error.ts';

/** At which stage a camera could not be played. */
export type RtspFailure = 'dns' | 'refused' | 'unauthorized' | 'not_found' | 'timeout' | 'codec' | 'protocol' | 'lost';

/** An attempt over RTSP failed: where, and a sentence that an engineer can act on. It never carries a credential. */
export class RtspError extends AppError {
  readonly code = 'STREAM_RTSP';
  readonly failure: RtspFailure;
  /** What the camera answered, when it was its answer that failed. */
  readonly status: number | undefined;

  constructor(failure: RtspFailure, sentence: string, options?: ErrorOptions & { readonly status?: number }) {
    super(sentence, options);
    this.failure = failure;
    this.status = options?.status;
  }
}
