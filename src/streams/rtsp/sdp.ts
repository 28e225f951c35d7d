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

export interface SessionDescription {
  readonly control?: string;
  readonly video: VideoTrack;
}

const maxTracks = 16;
const codecs: Record<string, Codec> = { h264: 'h264', h265: 'h265', hevc: 'h265' };

/** Finds the first H.264 or H.265 track. Throws RtspError `codec` when there is none, `protocol` when it is no SDP. */
export function parseSdp(text: string): SessionDescription {
  if (!/^v=0\s*$/m.test(text)) {
    throw new RtspError('protocol', 'The camera answered DESCRIBE with something that is not a session description.');
  }
  const [session = [], ...tracks] = splitSections(text);
  const video = tracks.map(parseTrack).find((track) => track !== undefined);
  const control = attribute(session, 'control');
  if (video) return { video, ...(control && { control }) };
  const offered = tracks.flatMap((lines) => attributes(lines, 'rtpmap').map((map) => map.split(/[ /]/)[1]));
  const names = offered.join(', ') || 'no known encoding';
  throw new RtspError('codec', `The camera offers ${names}; set its stream to H.264 or H.265.`);
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
