import type { ClipSound } from './clip-sound.ts';
import type { Clip } from './mp4-clip.ts';
import { payloadType } from './rtp-packetizer.ts';
import type { RtspOddities } from './rtsp-oddities.ts';

export interface SessionDescriptionOptions {
  readonly host: string;
  /** SPS and PPS in the SDP: not every camera puts them there. */
  readonly sprop: boolean;
  readonly sound: ClipSound | undefined;
  readonly odd: RtspOddities;
}

const dynamicSoundType = 97;

/** PCMU and PCMA have types of their own (RFC 3551 §6). */
export function soundPayloadType({ codec }: ClipSound): number {
  return { pcmu: 0, pcma: 8, aac: dynamicSoundType }[codec];
}

/** The SDP of one stream (RFC 4566, RFC 6184 §8.2.1, RFC 7798 §7.1), as asked for at `url`. */
export function sessionDescription(clip: Clip, url: string, options: SessionDescriptionOptions): string {
  const { host, sprop, sound, odd } = options;
  const fps = Math.round((clip.frames.length * 90_000) / clip.durationTicks);
  const session = { star: ['a=control:*'], absolute: [`a=control:${url}`], none: [] }[odd.sessionControl ?? 'star'];
  return [
    'v=0',
    `o=- 1 1 IN IP4 ${host}`,
    's=Simulated camera',
    `c=IN IP4 ${host}`,
    't=0 0',
    ...session,
    'a=range:npt=now-',
    `m=video 0 RTP/AVP ${payloadType}`,
    `a=rtpmap:${payloadType} ${clip.codec.toUpperCase()}/90000`,
    `a=fmtp:${payloadType} ${formatParameters(clip, sprop)}`,
    `a=framerate:${fps}`,
    `a=control:${control(url, 0, odd)}`,
    ...(sound ? [...describeSound(sound), `a=control:${control(url, 1, odd)}`] : []),
    '',
  ].join('\r\n');
}

function control(url: string, track: number, { control: written = 'relative' }: RtspOddities): string {
  const base = url.replace(/\/$/, '');
  const path = /^rtsps?:\/\/[^/]*(.*)$/.exec(base)?.[1] ?? '';
  const forms = {
    relative: `trackID=${track}`,
    absolute: `${base}/trackID=${track}`,
    'inner-address': `rtsp://169.254.169.254:8554${path}/trackID=${track}`,
    query: `trackID=${track}?profile=main&token=a/b`,
  };
  return forms[written];
}

function describeSound(sound: ClipSound): string[] {
  const { codec, clockRate, channels, config } = sound;
  const type = soundPayloadType(sound);
  const encoding = codec === 'aac' ? 'MPEG4-GENERIC' : codec.toUpperCase();
  const hbr = 'streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3';
  return [
    `m=audio 0 RTP/AVP ${type}`,
    `a=rtpmap:${type} ${encoding}/${clockRate}${channels > 1 || codec === 'aac' ? `/${channels}` : ''}`,
    ...(config ? [`a=fmtp:${type} ${hbr};config=${config.toString('hex')}`] : []),
  ];
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
