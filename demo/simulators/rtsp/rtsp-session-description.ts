import type { Clip } from './mp4-clip.ts';
import { payloadType } from './rtp-packetizer.ts';

export interface SessionDescriptionOptions {
  readonly host: string;
  /** SPS and PPS in the SDP: not every camera puts them there. */
  readonly sprop: boolean;
  /** A PCMA track that stays silent, as most cameras have one nobody asked for. */
  readonly audio: boolean;
}

/** The SDP of one stream (RFC 4566, RFC 6184 §8.2.1, RFC 7798 §7.1). */
export function sessionDescription(clip: Clip, { host, sprop, audio }: SessionDescriptionOptions): string {
  const fps = Math.round((clip.frames.length * 90_000) / clip.durationTicks);
  return [
    'v=0',
    `o=- 1 1 IN IP4 ${host}`,
    's=Simulated camera',
    `c=IN IP4 ${host}`,
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
    `m=video 0 RTP/AVP ${payloadType}`,
    `a=rtpmap:${payloadType} ${clip.codec.toUpperCase()}/90000`,
    `a=fmtp:${payloadType} ${formatParameters(clip, sprop)}`,
    `a=framerate:${fps}`,
    'a=control:trackID=0',
    ...(audio ? ['m=audio 0 RTP/AVP 8', 'a=rtpmap:8 PCMA/8000', 'a=control:trackID=1'] : []),
    '',
  ].join('\r\n');
}

function formatParameters({ codec, parameterSets }: Clip, sprop: boolean): string {
  const sets = parameterSets.map((set) => set.toString('base64'));
  if (codec === 'h265') {
    const names = new Map([
      [32, 'sprop-vps'],
      [33, 'sprop-sps'],
      [34, 'sprop-pps'],
    ]);
    const fields = parameterSets.map((set, index) => `${names.get((set.readUInt8(0) >> 1) & 0x3f)}=${sets[index]}`);
    return sprop ? fields.join(';') : 'level-id=93';
  }
  const profile = parameterSets[0]?.toString('hex', 1, 4) ?? '42e01f';
  const known = sprop ? `;sprop-parameter-sets=${sets.join(',')}` : '';
  return `packetization-mode=1;profile-level-id=${profile}${known}`;
}
