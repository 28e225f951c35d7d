import { type Static, Type } from 'typebox';
import { profiles } from '../camera/combined-state.ts';
import type { WantedStream } from '../camera-streams.ts';
import type { PlaybackRequest } from '../recorder/playback.ts';

export const StreamQuery = Type.Object({
  ticket: Type.Optional(Type.String({ maxLength: 256, description: 'from POST /api/v1/cameras/ID/ticket' })),
  profile: Type.Optional(
    Type.Enum([...profiles], { description: 'sub is the smaller picture; a camera without one shows main' }),
  ),
  codec: Type.Optional(
    Type.Enum(['h264'], { description: 'for a player that does not know H.265; 503 when too many are transcoded' }),
  ),
  audio: Type.Optional(Type.Enum(['0', '1'], { description: '0 leaves the sound out' })),
  from: Type.Optional(
    Type.String({ format: 'date-time', maxLength: 64, description: 'plays what was recorded from then on' }),
  ),
  speed: Type.Optional(Type.Number({ minimum: 0.5, maximum: 8, description: 'of a recording; 1' })),
});
export type StreamQuery = Static<typeof StreamQuery>;

/** A recording that somebody wants to see. */
export interface WantedRecording {
  readonly kind: 'recorded';
  readonly request: PlaybackRequest;
  /** As it was recorded when not said. */
  readonly codec: 'h264' | undefined;
}

/** What a request asks to see. */
export type Wanted = { readonly kind: 'live'; readonly stream: WantedStream } | WantedRecording;

export function wantedOf(camera: string, { profile, codec, audio, from, speed = 1 }: StreamQuery): Wanted {
  if (from !== undefined) return { kind: 'recorded', request: { camera, from: new Date(from), speed }, codec };
  return { kind: 'live', stream: { camera, profile, codec, audio: audio !== '0' } };
}
