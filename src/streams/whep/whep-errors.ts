import { AppError } from '../../shared/app-error.ts';

/** The camera or its stream is not one that goes over WebRTC without transcoding. */
export class NotForWebrtcError extends AppError {
  readonly code = 'STREAM_NOT_FOR_WEBRTC';
  override readonly statusCode = 406;

  constructor(why: 'h265' | 'b-pictures') {
    super(reasons[why]);
  }
}

const reasons = {
  h265: 'The camera sends H.265, WebRTC takes H.264: play /streams/ID.flv, or /streams/ID.flv?codec=h264.',
  'b-pictures':
    'The camera sends B pictures, which WebRTC cannot show in order: turn them off, or play /streams/ID.flv.',
};

/** The offer is not one that a player of H.264 makes. */
export class OfferRefusedError extends AppError {
  readonly code = 'OFFER_REFUSED';
  override readonly statusCode = 406;
}

/** Every session that the configuration allows is taken, or no UDP port is free. */
export class WebrtcFullError extends AppError {
  readonly code = 'WEBRTC_FULL';
  override readonly statusCode = 503;
  override readonly retryAfterSeconds = 10;
}

/** The camera shows nothing now. */
export class CameraSilentError extends AppError {
  readonly code = 'CAMERA_SILENT';
  override readonly statusCode = 503;
  override readonly retryAfterSeconds = 5;

  constructor() {
    super('The camera shows no picture now.');
  }
}

/** No such session, or not yours. */
export class WhepSessionNotFoundError extends AppError {
  readonly code = 'SESSION_NOT_FOUND';
  override readonly statusCode = 404;

  constructor() {
    super('There is no such session.');
  }
}
