import { ClipLoop, type LoopFrame, type OnPicture, packetizeClip } from './clip-loop.ts';
import { type ClipSound, tone } from './clip-sound.ts';
import { type Clip, readClip } from './mp4-clip.ts';
import type { RtspStream } from './rtsp-connection.ts';
import type { RtspOddities } from './rtsp-oddities.ts';
import { sessionDescription } from './rtsp-session-description.ts';

export interface RtspStreamOptions {
  /** Path of an MP4 with H.264 or H.265, or such a clip already read. */
  readonly clip: string | Clip;
  /** Pads up to this rate, in bits a second. */
  readonly bitrate?: number;
  /** Parameter sets in the SDP; on by default. */
  readonly sprop?: boolean;
  /** Parameter sets in front of each key frame; on by default. */
  readonly inBand?: boolean;
  /** A tone in G.711, or the AAC track of the clip's file. */
  readonly sound?: 'pcma' | 'pcmu' | 'aac';
  readonly onPicture?: OnPicture;
}

type Loaded = Omit<RtspStream, 'path'>;

/** Paths with the very same options object show the same loop; those with the same clip share its packets in memory. */
export async function loadStreams(
  byPath: Readonly<Record<string, RtspStreamOptions>>,
  house: House,
): Promise<RtspStream[]> {
  const loaded = new Map<RtspStreamOptions, Loaded>();
  const shelf: Shelf = { clips: new Map(), frames: new Map() };
  const streams: RtspStream[] = [];
  for (const [path, options] of Object.entries(byPath)) {
    const stream = loaded.get(options) ?? (await loadStream(options, house, shelf));
    loaded.set(options, stream);
    streams.push({ path, ...stream });
  }
  return streams;
}

/** What was read and packetized already. */
interface Shelf {
  readonly clips: Map<string, Clip>;
  readonly frames: Map<Clip, Map<string, LoopFrame[]>>;
}

/** What all streams of a camera have in common. */
export interface House {
  readonly host: string;
  readonly odd: RtspOddities;
}

async function loadStream(options: RtspStreamOptions, house: House, { clips, frames }: Shelf): Promise<Loaded> {
  const { clip: given, bitrate = 0, sprop = true, inBand = true } = options;
  const { paddedPackets: padded = false } = house.odd;
  const clip = typeof given === 'string' ? (clips.get(given) ?? (await readClip(given))) : given;
  if (typeof given === 'string') clips.set(given, clip);
  const packetized = frames.get(clip) ?? new Map<string, LoopFrame[]>();
  const key = `${bitrate} ${inBand}`;
  const loopFrames = packetized.get(key) ?? packetizeClip(clip, { bitrate, inBand, padded });
  frames.set(clip, packetized.set(key, loopFrames));
  const sound = soundOf(clip, options.sound);
  const describe = (url: string) => sessionDescription(clip, url, { ...house, sprop, sound });
  return { loop: new ClipLoop(clip, loopFrames, options.onPicture), sound, describe };
}

function soundOf(clip: Clip, wanted: RtspStreamOptions['sound']): ClipSound | undefined {
  if (wanted === undefined) return undefined;
  if (wanted !== 'aac') return tone(wanted);
  if (!clip.sound) throw new Error('the clip has no AAC track');
  return clip.sound;
}
