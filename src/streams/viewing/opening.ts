import { AppError } from '../../shared/app-error.ts';
import type { CameraStreams } from '../camera-streams.ts';
import type { HubViewer, ViewerEnd, ViewerSink } from '../hub/hub-viewer.ts';
import { type PlaybackRequest, type StreamQuery, wantedOf } from './stream-query.ts';

type OnEnd = (viewer: HubViewer, reason: ViewerEnd) => void;
type OpenSink = (sink: ViewerSink, onEnd: OnEnd) => HubViewer;

/** What was recorded, as the recorder plays it. */
export interface PlaybackPort {
  /** Whether anything is recorded from then on. */
  has(request: PlaybackRequest): Promise<boolean>;
  /** FLV for one viewer; ends with `closed` at the end of what is recorded. May throw AppError. */
  open(request: PlaybackRequest, sink: ViewerSink, onEnd: OnEnd): HubViewer;
}

export class NothingRecordedError extends AppError {
  readonly code = 'NOTHING_RECORDED';
  override readonly statusCode = 404;

  constructor() {
    super('Nothing is recorded of this camera from then on.');
  }
}

/** A stream that may be opened for somebody. */
export interface Opening {
  readonly camera: string;
  /** Of a recording: from when on. */
  readonly from?: Date;
  readonly headers: Readonly<Record<string, string>>;
  /** May throw AppError all the same: somebody else may have been faster. */
  readonly open: OpenSink;
  /** The bare H.265 (annex B), resolved when the stream is that and is not asked for as anything else. */
  readonly bareHevc: () => Promise<OpenSink | undefined>;
}

export interface OpeningPorts {
  readonly streams: CameraStreams;
  readonly playback?: PlaybackPort | undefined;
}

/** How a request is met. Throws NothingRecordedError, TranscodersBusyError. */
export async function openingOf(
  camera: string,
  query: StreamQuery,
  { streams, playback }: OpeningPorts,
): Promise<Opening> {
  const wanted = wantedOf(camera, query);
  if (wanted.kind === 'recorded') return await recordedOpening(wanted.request, playback);
  const { stream } = wanted;
  streams.admit(stream);
  const isSub = stream.profile === 'sub' && streams.status(camera)?.substream === true;
  return {
    camera,
    headers: { 'X-Stream-Profile': isSub ? 'sub' : 'main' },
    open: (sink, onEnd) => streams.open(stream, sink, onEnd),
    bareHevc: async () => {
      if (stream.codec !== undefined || (await streams.codec(stream)) !== 'h265') return undefined;
      return (sink, onEnd) => streams.openElementary(stream, sink, onEnd);
    },
  };
}

async function recordedOpening(request: PlaybackRequest, playback: PlaybackPort | undefined): Promise<Opening> {
  if (!playback || !(await playback.has(request))) throw new NothingRecordedError();
  const { camera, from } = request;
  const open: OpenSink = (sink, onEnd) => playback.open(request, sink, onEnd);
  return { camera, from, headers: {}, open, bareHevc: async () => undefined };
}
