import type { Clip } from '../../../demo/simulators/rtsp/mp4-clip.ts';
import { AccessUnitAssembler } from '../../../src/streams/rtp/access-unit-assembler.ts';
import type { AccessUnit } from '../../../src/streams/rtp/nal.ts';
import type { RtpPacket } from '../../../src/streams/rtp/rtp-packet.ts';
import { type RtspSessionOptions, runRtspSession } from '../../../src/streams/rtsp/rtsp-session.ts';
import type { AudioTrack, VideoTrack } from '../../../src/streams/rtsp/sdp.ts';
import { drawnClip } from '../../demo/drawn-clip.ts';
import { h264Sets, sets } from '../rtp/packets.ts';

/** Ten pictures of 50 ms in two groups, with real parameter sets and slices that say they start a picture. */
export function playableClip(codec: 'h264' | 'h265' = 'h264'): Clip {
  const clip = drawnClip(codec);
  for (const nal of clip.frames.flatMap(({ nals }) => nals)) nal.writeUInt8(0x88, codec === 'h264' ? 1 : 2);
  const parameterSets = codec === 'h264' ? h264Sets : [sets.h265Vps, sets.h265Sps, sets.h265Pps];
  return { ...clip, parameterSets };
}

export interface Played {
  video?: VideoTrack;
  audio?: AudioTrack;
  readonly pictures: AccessUnit[];
  readonly packets: RtpPacket[];
  readonly sound: RtpPacket[];
  /** Wall times told for pictures and for sound. */
  readonly pictureTimes: Date[];
  readonly soundTimes: Date[];
  losses: number;
}

type Given = Partial<RtspSessionOptions> & { readonly url: string; readonly withSound?: boolean };

/** Plays until `enough` says so, at most 8 s; rejects with what ended the session before. */
export async function played(given: Given, enough: (played: Played) => boolean): Promise<Played> {
  const { withSound, signal, ...options } = given;
  const ending = new AbortController();
  const late = AbortSignal.timeout(8_000);
  const all: Played = { pictures: [], packets: [], sound: [], pictureTimes: [], soundTimes: [], losses: 0 };
  let assembler: AccessUnitAssembler | undefined;
  await runRtspSession({
    signal: AbortSignal.any([ending.signal, late, ...(signal ? [signal] : [])]),
    onPlaying: (video, audio) => {
      all.video = video;
      if (audio) all.audio = audio;
      assembler = new AccessUnitAssembler(video.codec, video.parameterSets);
    },
    onPacket: (packet, clock) => {
      all.packets.push(packet);
      const at = clock.wallTime(packet.timestamp);
      if (at) all.pictureTimes.push(at);
      all.pictures.push(...(assembler?.push(packet) ?? []));
      all.losses = assembler?.losses ?? 0;
      if (enough(all)) ending.abort();
    },
    ...(withSound && {
      onAudioPacket: (packet, clock) => {
        all.sound.push(packet);
        const at = clock.wallTime(packet.timestamp);
        if (at) all.soundTimes.push(at);
        if (enough(all)) ending.abort();
      },
    }),
    ...options,
  });
  if (late.aborted)
    throw new Error(`8 s were not enough: ${all.packets.length} packets, ${all.pictures.length} pictures`);
  return all;
}
