import { AppError } from '../../shared/app-error.ts';

/** The detector could not look at a picture; the next one is another chance. */
export abstract class DetectorError extends AppError {
  override readonly statusCode: number = 503;
}

/** The model cannot be used: missing, corrupt, of a shape that is not understood, or refused. */
export class ModelUnusable extends DetectorError {
  readonly code = 'MODEL_UNUSABLE';
  readonly reason: string;

  constructor(path: string, reason: string) {
    super(`The detector's model ${path} cannot be used: ${reason}`);
    this.reason = reason;
  }
}

/** The file of a model's class names is not one, or names what we never tell. */
export class LabelsWrong extends DetectorError {
  readonly code = 'LABELS_WRONG';
  readonly file: string;
  readonly place: { readonly line: number; readonly column: number };
  readonly reason: string;

  constructor(file: string, place: LabelsWrong['place'], reason: string) {
    super(`${file}:${place.line}:${place.column} ${reason}`);
    this.file = file;
    this.place = place;
    this.reason = reason;
  }
}

/** A model that lies elsewhere could not be brought here. */
export class ModelNotFetched extends DetectorError {
  readonly code = 'MODEL_NOT_FETCHED';

  constructor(url: URL, reason: string, options?: ErrorOptions) {
    super(`The model at ${url.host}${url.pathname} could not be fetched: ${reason}.`, options);
  }
}

/** What the model is to run on does not start here. */
export class BackendUnusable extends DetectorError {
  readonly code = 'BACKEND_UNUSABLE';

  constructor(backend: string, reason: string, options?: ErrorOptions) {
    super(`The detector's backend ${backend} cannot be used: ${reason}.`, options);
  }
}

/** We detect events and never identify people: such a model is not loaded at all. */
export class IdentityModelRefused extends DetectorError {
  readonly code = 'MODEL_IDENTIFIES';

  constructor(label: string) {
    super(`A model that tells "${label}" is refused: events are detected, people and plates are never identified.`);
  }
}

export class DetectorHung extends DetectorError {
  readonly code = 'DETECTOR_HUNG';

  constructor(deadlineMs: number) {
    super(`The detector gave no answer within ${deadlineMs} ms and was restarted.`);
  }
}

export class DetectorCrashed extends DetectorError {
  readonly code = 'DETECTOR_CRASHED';

  constructor(reason: string) {
    super(`The detector's worker ended: ${reason}`);
  }
}

/** A picture that was not looked at: a newer one of its camera came, it waited too long, or the detector closes. */
export class FrameDropped extends DetectorError {
  readonly code = 'FRAME_DROPPED';

  constructor(camera: string, reason: 'newer' | 'late' | 'closed' | 'unreadable') {
    super(`A picture of ${camera} was not looked at: ${reason}.`);
  }
}
