import { type Static, Type } from 'typebox';
import { GeoPoint } from '../../gis/point.ts';
import type { View } from '../../gis/sector.ts';
import type { SoundFacts } from '../audio/camera-sound.ts';
import type { RelayState } from '../camera/relay-state.ts';
import type { VideoFacts } from '../hub/stream-hub.ts';
import type { CameraConfig } from '../resolve-cameras.ts';
import { CameraFault, CameraHealth } from '../self-test/camera-health.ts';
import { causes } from '../stream-failure.ts';

const Time = Type.String({ format: 'date-time' });

export const CameraState = Type.Object({
  phase: Type.Enum(['idle', 'connecting', 'live', 'stale', 'waiting', 'closed']),
  since: Time,
  cause: Type.Optional(Type.Enum([...causes])),
  message: Type.Optional(Type.String()),
  retryAt: Type.Optional(Time),
  attempt: Type.Optional(Type.Integer()),
  lastFrameAt: Type.Optional(Time),
});

export const CameraVideo = Type.Object({
  codec: Type.Enum(['h264', 'h265']),
  width: Type.Integer(),
  height: Type.Integer(),
  fps: Type.Optional(Type.Number()),
  bitrate: Type.Optional(Type.Number()),
});

export const CameraSoundStatus = Type.Object({
  codec: Type.String({ description: 'aac, pcma, pcmu, or what the camera calls another one' }),
  played: Type.Boolean({ description: 'whether viewers who want sound hear it' }),
  message: Type.Optional(Type.String({ description: 'why it is not played, and what to do' })),
});

/** A camera as the API shows it: where it is, how it stands. Never its source nor its credentials. */
export const Camera = Type.Object({
  id: Type.String(),
  name: Type.String(),
  position: Type.Optional(GeoPoint),
  view: Type.Optional(Type.Object({ bearing: Type.Number(), angle: Type.Number(), range: Type.Number() })),
  area: Type.Optional(Type.String()),
  tags: Type.Array(Type.String()),
  road: Type.Optional(Type.String()),
  stake: Type.Optional(Type.String()),
  carriageway: Type.Optional(Type.Enum(['up', 'down'])),
  detect: Type.Boolean(),
  substream: Type.Boolean(),
  state: CameraState,
  video: Type.Optional(CameraVideo),
  sound: Type.Optional(CameraSoundStatus),
  viewers: Type.Integer(),
  health: Type.Optional(CameraHealth),
  faults: Type.Optional(Type.Array(CameraFault, { description: 'what stands now; absent when nothing does' })),
  seesMeters: Type.Optional(
    Type.Number({ description: 'where the weather ends its sight before its range, by the nearest station' }),
  ),
});
export type CameraStatus = Readonly<Static<typeof Camera>>;

export interface StatusFacts {
  readonly state: RelayState;
  readonly lastFrameAt: Date | undefined;
  readonly video: VideoFacts | undefined;
  readonly sound: SoundFacts | undefined;
  readonly viewers: number;
}

/** Only what is named here is shown: a new field of the configuration stays inside until somebody decides otherwise. */
export function cameraStatus(
  config: CameraConfig,
  { state, lastFrameAt, video, sound, viewers }: StatusFacts,
): CameraStatus {
  const { id, name, position, view, area, tags, road } = config;
  return {
    id,
    name,
    ...(position && { position }),
    ...(view && { view: sectorOf(view) }),
    ...(area !== undefined && { area }),
    tags: [...tags],
    ...(road && roadFields(road)),
    detect: config.detect !== undefined,
    substream: config.substream !== undefined,
    state: stateFields(state, lastFrameAt),
    ...(video && { video: videoFields(video) }),
    ...(sound && { sound }),
    viewers,
  };
}

/** What it was calibrated by stays in the file. */
function sectorOf({ bearing, angle, range }: View): View {
  return { bearing, angle, range };
}

function roadFields({ id, stake, carriageway }: NonNullable<CameraConfig['road']>) {
  return { road: id, ...(stake !== undefined && { stake }), ...(carriageway && { carriageway }) };
}

function stateFields(state: RelayState, lastFrameAt: Date | undefined): CameraStatus['state'] {
  return {
    phase: state.phase,
    since: state.since.toISOString(),
    ...('attempt' in state && { attempt: state.attempt }),
    ...('cause' in state && { cause: state.cause, message: state.message }),
    ...('retryAt' in state && state.retryAt && { retryAt: state.retryAt.toISOString() }),
    ...(lastFrameAt && { lastFrameAt: lastFrameAt.toISOString() }),
  };
}

function videoFields({ format, fps, bitrate }: VideoFacts): NonNullable<CameraStatus['video']> {
  const { codec, width, height } = format;
  return { codec, width, height, fps, ...(bitrate > 0 && { bitrate }) };
}
