import type { ByteSpan } from '../rtp/byte-span.ts';

/**
 * Where the packets of a session belong: RTP on an even lane, its RTCP on the next. Video is lane 0, sound lane 2; they
 * are what we ask for as interleaved channels, too.
 */
export const lanes = { video: 0, audio: 2 } as const;
export type TrackLane = (typeof lanes)[keyof typeof lanes];

/** How packets travel between the camera and us (RFC 2326 §12.39). */
export interface MediaTransport {
  /** The Transport header to set a track up with. */
  offer(lane: TrackLane): Promise<string>;
  /** Takes what the camera answered to it. Throws RtspError when that is something else. */
  agree(lane: TrackLane, answer: string | undefined): void;
  /** Sends RTCP to the camera. */
  report(lane: TrackLane, data: Buffer): void;
  /** Safe to call twice; nothing comes out of it any more. */
  close(): void;
}

/** Takes one RTP (even lane) or RTCP (odd lane) packet. */
export type LaneSink = (lane: number, packet: ByteSpan) => void;
