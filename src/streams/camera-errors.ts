import { AppError } from '../shared/app-error.ts';

/** No camera has this id (or none that the asker may see). */
export class CameraNotFoundError extends AppError {
  readonly code = 'CAMERA_NOT_FOUND';
  override readonly statusCode = 404;

  constructor() {
    super('There is no such camera.');
  }
}

/** A camera has one sampler at most: two would decode the same pictures twice. */
export class SamplerBusyError extends AppError {
  readonly code = 'CAMERA_ALREADY_SAMPLED';
  override readonly statusCode = 409;

  constructor(camera: string) {
    super(`The frames of camera ${camera} are being sampled already.`);
  }
}
