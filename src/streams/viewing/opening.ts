import type { CameraStreams } from '../camera-streams.ts';
import type { HubViewer, ViewerEnd, ViewerSink } from '../hub/hub-viewer.ts';
import { NothingRecordedError } from '../recorder/nothing-recorded-error.ts';
import type { FoundRecording, PlaybackRequest } from '../recorder/playback.ts';
import { type StreamQuery, type WantedRecording, wantedOf } from './stream-query.ts';

type OnEnd = (viewer: HubViewer, reason: ViewerEnd) => void;
type OpenSink = (sink: ViewerSink, onEnd: OnEnd) => HubViewer;

/** What was recorded, as the recorder plays it. */
export interface PlaybackPort {
  /** Undefined when nothing is recorded from then on. */
  find(request: PlaybackRequest): Promise<FoundRecording | undefined>;
}

/** A stream that may be opened for somebody. */
export interface Opening {
  readonly camera: string;
  /** Of a recording: from when on. */
  readonly from?: Date;
  readonly speed?: number;
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

/** How a request is met. Throws NothingRecordedError, PlaybackBusyError, TranscodersBusyError. */
export async function openingOf(
  camera: string,
  query: StreamQuery,
  { streams, playback }: OpeningPorts,
): Promise<Opening> {
  const wanted = wantedOf(camera, query);
  if (wanted.kind === 'recorded') return await recordedOpening(wanted, playback);
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

async function recordedOpening(
  { request, codec }: WantedRecording,
  playback: PlaybackPort | undefined,
): Promise<Opening> {
  const recorded = await playback?.find(request);
  if (!recorded) throw new NothingRecordedError();
  const form = codec ?? 'flv';
  recorded.admit(form);
  const { camera, from, speed } = request;
  return {
    camera,
    from,
    speed,
    headers: {},
    open: (sink, onEnd) => recorded.open(form, sink, onEnd),
    bareHevc: async () => {
      if (codec !== undefined || recorded.codec !== 'h265') return undefined;
      return (sink, onEnd) => recorded.open('bare', sink, onEnd);
    },
  };
}
