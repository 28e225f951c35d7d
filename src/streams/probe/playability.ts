import { type Complaint, complain } from './probe-advice.ts';
import type { ProbedVideo } from './probe-stage.ts';

export interface Playability extends Complaint {
  /** False when no browser shows it, whatever is asked for. */
  readonly ok: boolean;
}

const h264ForBrowsers = ['Baseline', 'Constrained Baseline', 'Main', 'High'];
const h265ForBrowsers = ['Main', 'Main 10'];

/** Whether browsers play a stream, and at what price. */
export function playability(video: ProbedVideo): Playability {
  const named = describeVideo(video);
  const { codec, profile, chroma, bitDepth, bFrames } = video;
  const known = codec === 'h264' ? h264ForBrowsers : h265ForBrowsers;
  const isUsual = known.includes(profile) && chroma === '4:2:0' && bitDepth <= (codec === 'h264' ? 8 : 10);
  if (!isUsual) return { ok: false, ...complain('profile', `No browser plays ${named}.`) };
  if (codec === 'h265')
    return { ok: true, ...complain('h265', `Browsers that decode H.265 in hardware play ${named}.`) };
  if (bFrames) return { ok: true, ...complain('b_frames', `Every browser plays ${named}, but it has B frames.`) };
  return { ok: true, code: 'ok', message: `every browser plays ${named}` };
}

/** Like `H.264 High 4.0, 1920×1080, 25 pictures a second, a key picture every 2 s`. */
export function describeVideo(video: ProbedVideo): string {
  const { codec, profile, level, width, height, chroma, bitDepth, fps, gopSeconds } = video;
  const odd = chroma === '4:2:0' && bitDepth === 8 ? [] : [`${chroma} ${bitDepth} bit`];
  const rate = fps === undefined ? [] : [`${fps} pictures a second`];
  const interval = gopSeconds === undefined ? [] : [`a key picture every ${gopSeconds} s`];
  const name = `${codec === 'h264' ? 'H.264' : 'H.265'} ${profile} ${level}`;
  return [name, ...odd, `${width}×${height}`, ...rate, ...interval].join(', ');
}
