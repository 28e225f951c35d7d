import type { Codec } from '../rtp/nal.ts';
import { RtspError } from './rtsp-error.ts';

/** The video a session description (RFC 4566) offers and that we can play. */
export interface VideoTrack {
  readonly codec: Codec;
  readonly payloadType: number;
  /** The track's `a=control`, as it stands there. */
  readonly control?: string;
  /** Parameter sets out of `a=fmtp`; empty when the camera only sends them in the stream. */
  readonly parameterSets: readonly Buffer[];
}

/** Sound that we can play: AAC (RFC 3640, mode AAC-hbr) as it is, G.711 (RFC 3551) after transcoding. */
export interface AudioTrack {
  readonly codec: 'aac' | 'pcma' | 'pcmu';
  readonly payloadType: number;
  /** Ticks of its RTP timestamps in a second. */
  readonly clockRate: number;
  readonly channels: number;
  /** The track's `a=control`, as it stands there. */
  readonly control?: string;
  /** AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1) out of `config=`. */
  readonly config?: Buffer;
  /** All parameters of `a=fmtp`, names in small letters. */
  readonly fmtp: ReadonlyMap<string, string>;
}

export interface SessionDescription {
  readonly control?: string;
  readonly video: VideoTrack;
  readonly audio?: AudioTrack;
  /** What its sound is when it is none we can play, like `G726-32`. */
  readonly otherSound?: string;
}

const maxTracks = 16;
const codecs: Record<string, Codec> = { h264: 'h264', h265: 'h265', hevc: 'h265' };

/** Finds the first H.264 or H.265 track, and the first sound we can play. Throws RtspError `codec` when there is none, `protocol` when it is no SDP. */
export function parseSdp(text: string): SessionDescription {
  if (!/^v=0\s*$/m.test(text)) {
    throw new RtspError('protocol', 'The camera answered DESCRIBE with something that is not a session description.');
  }
  const [session = [], ...tracks] = splitSections(text);
  const video = tracks.map(parseTrack).find((track) => track !== undefined);
  const control = attribute(session, 'control');
  if (video) return { video, ...(control && { control }), ...findSound(tracks) };
  const offered = tracks.flatMap((lines) => attributes(lines, 'rtpmap').map((map) => map.split(/[ /]/)[1]));
  const names = offered.join(', ').slice(0, 120) || 'no known encoding';
  throw new RtspError('codec', `The codec is not supported: ${names}; set the encoder to H.264 or H.265.`);
}

function splitSections(text: string): string[][] {
  const sections: string[][] = [[]];
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line.startsWith('m=')) sections.push([]);
    if (sections.length > maxTracks + 1) {
      throw new RtspError('protocol', `The camera describes more than ${maxTracks} tracks.`);
    }
    sections.at(-1)?.push(line);
  }
  return sections;
}

function parseTrack(lines: readonly string[]): VideoTrack | undefined {
  const media = /^m=video \d+(?:\/\d+)? \S+ (\d{1,3})/.exec(lines[0] ?? '');
  if (!media) return undefined;
  const payloadType = Number(media[1]);
  const encoding = valueFor(lines, 'rtpmap', payloadType)?.split('/')[0]?.toLowerCase();
  const codec = codecs[encoding ?? ''];
  if (!codec) return undefined;
  const control = attribute(lines, 'control');
  const parameterSets = readParameterSets(codec, valueFor(lines, 'fmtp', payloadType) ?? '');
  return { codec, payloadType, parameterSets, ...(control && { control }) };
}

function findSound(tracks: readonly string[][]): Pick<SessionDescription, 'audio' | 'otherSound'> {
  const sounds = tracks.filter((lines) => lines[0]?.startsWith('m=audio')).map(parseSound);
  const audio = sounds.find((sound) => typeof sound === 'object');
  if (audio) return { audio };
  const otherSound = sounds.find((sound) => typeof sound === 'string');
  return otherSound === undefined ? {} : { otherSound };
}

/** Payload types that need no `a=rtpmap` (RFC 3551 §6). */
const staticSounds: Record<number, string> = { 0: 'PCMU/8000', 8: 'PCMA/8000', 9: 'G722/8000', 14: 'MPA/90000' };
const soundCodecs: Record<string, AudioTrack['codec']> = { 'mpeg4-generic': 'aac', pcma: 'pcma', pcmu: 'pcmu' };

/** The track, or the name of its encoding when we cannot play it. */
function parseSound(lines: readonly string[]): AudioTrack | string {
  const payloadType = Number(/^m=audio \d+(?:\/\d+)? \S+ (\d{1,3})/.exec(lines[0] ?? '')?.[1] ?? -1);
  const map = valueFor(lines, 'rtpmap', payloadType) ?? staticSounds[payloadType] ?? 'unknown';
  const fmtp = readParameters(valueFor(lines, 'fmtp', payloadType) ?? '');
  const [, name = '', rate, channels = '1'] = /^([\w.-]{1,32})(?:\/(\d{4,6}))?(?:\/([1-8]))?/.exec(map) ?? [];
  const codec = soundCodecs[name.toLowerCase()];
  if (!codec || rate === undefined || !isPlainAac(codec, fmtp)) return name;
  const control = attribute(lines, 'control');
  const config = codec === 'aac' ? readConfig(fmtp) : undefined;
  const track = { codec, payloadType, clockRate: Number(rate), channels: Number(channels), fmtp };
  return { ...track, ...(control && { control }), ...(config && { config }) };
}

function readConfig(fmtp: ReadonlyMap<string, string>): Buffer | undefined {
  const config = Buffer.from(fmtp.get('config') ?? '', 'hex');
  return config.length >= 2 ? config : undefined;
}

/** Low bit rate AAC and CELP come in other packets; nobody has seen a camera that sends them. */
function isPlainAac(codec: AudioTrack['codec'], fmtp: ReadonlyMap<string, string>): boolean {
  return codec !== 'aac' || (fmtp.get('mode') ?? 'AAC-hbr').toLowerCase() === 'aac-hbr';
}

function readParameters(fmtp: string): Map<string, string> {
  const fields = fmtp.split(';').map((field) => field.trim());
  return new Map(
    fields
      .map((field) => [field, field.indexOf('=')] as const)
      .filter(([, equals]) => equals > 0)
      .map(([field, equals]) => [field.slice(0, equals).toLowerCase(), field.slice(equals + 1)]),
  );
}

/** RFC 6184 §8.1 `sprop-parameter-sets`, RFC 7798 §7.1 `sprop-vps`, `sprop-sps`, `sprop-pps`. */
function readParameterSets(codec: Codec, fmtp: string): Buffer[] {
  const wanted = codec === 'h264' ? ['sprop-parameter-sets'] : ['sprop-vps', 'sprop-sps', 'sprop-pps'];
  return fmtp
    .split(';')
    .map((field) => field.trim())
    .filter((field) => wanted.includes(field.slice(0, field.indexOf('=')).toLowerCase()))
    .flatMap((field) => field.slice(field.indexOf('=') + 1).split(','))
    .map((encoded) => Buffer.from(encoded, 'base64'))
    .filter((nal) => nal.length > 3);
}

function attributes(lines: readonly string[], name: string): string[] {
  const prefix = `a=${name}:`;
  return lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length).trim());
}

function attribute(lines: readonly string[], name: string): string | undefined {
  return attributes(lines, name)[0];
}

function valueFor(lines: readonly string[], name: string, payloadType: number): string | undefined {
  const prefix = `${payloadType} `;
  return attributes(lines, name)
    .find((value) => value.startsWith(prefix))
    ?.slice(prefix.length);
}
