import { AppError } from '../../shared/app-error.ts';

/** Bytes that should be FLV are not, or hold what cannot be shown. The sentence never repeats what was read. */
export class FlvError extends AppError {
  readonly code = 'STREAM_FLV';
  readonly failure: 'protocol' | 'codec';

  constructor(failure: FlvError['failure'], sentence: string) {
    super(sentence);
    this.failure = failure;
  }
}
