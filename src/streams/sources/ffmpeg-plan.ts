/** What ffmpeg is to read. */
export type FfmpegInput =
  /** Footage, played again and again at its own speed. */
  | { readonly kind: 'file'; readonly path: string }
  /**
   * A URL, given on standard input as a script of ffmpeg's concat demuxer: a command line can be read by everybody on the
   * machine, and URLs hold keys. `paced` for what comes in bursts or faster than it was taken.
   */
  | { readonly kind: 'url'; readonly script: string; readonly protocols: readonly string[]; readonly paced: boolean };

/** How ffmpeg hands it on. FLV unless ffmpeg cannot put the codec in it (5.1 and H.265). */
export interface FfmpegPlan {
  readonly container: 'flv' | 'mpegts';
  readonly sound: boolean;
}

export const firstPlan: FfmpegPlan = { container: 'flv', sound: true };

/** Only what holds video itself: no playlist or script that names other files. */
const fileFormats = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,flv,avi,h264,hevc';
const outputs: Record<FfmpegPlan['container'], readonly string[]> = {
  flv: ['-f', 'flv', '-flvflags', 'no_duration_filesize'],
  mpegts: ['-f', 'mpegts', '-omit_video_pes_length', '0', '-muxdelay', '0'],
};

/** The whole command line: nothing is decoded, nothing but pipes and the input's protocols can be opened. */
export function ffmpegArguments(input: FfmpegInput, { container, sound }: FfmpegPlan): string[] {
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-fflags', '+genpts', ...inputArguments(input)],
    ...['-map', '0:v:0', ...(sound ? ['-map', '0:a:0?'] : []), '-c', 'copy'],
    ...[...outputs[container], '-flush_packets', '1', 'pipe:1'],
  ];
}

function inputArguments(input: FfmpegInput): string[] {
  if (input.kind === 'file') {
    const allowed = ['-protocol_whitelist', 'file,pipe', '-format_whitelist', fileFormats];
    return [...allowed, '-re', '-stream_loop', '-1', '-i', `file:${input.path}`];
  }
  const allowed = ['-protocol_whitelist', ['pipe', ...input.protocols].join(',')];
  return [
    ...(input.paced ? ['-re'] : []),
    '-f',
    'concat',
    '-safe',
    '0',
    '-auto_convert',
    '0',
    ...allowed,
    '-i',
    'pipe:0',
  ];
}

/** ffmpeg waits 5 s and more for a sound that an FLV header promises and nobody sends. */
const analyzeMicroseconds = 1_000_000;

/** A script for one URL; neither it nor the options may hold a quote, a backslash or a space. */
export function urlScript(url: string, options: Readonly<Record<string, string | number>>): string {
  const all = { analyzeduration: analyzeMicroseconds, ...options };
  const lines = Object.entries(all).map(([name, value]) => `option ${name} '${value}'`);
  return ['ffconcat version 1.0', `file '${url}'`, ...lines, ''].join('\n');
}

/** What to try after ffmpeg gave up before the first picture; undefined when another way would not help. */
export function nextPlan(plan: FfmpegPlan, complaint: string): FfmpegPlan | undefined {
  if (plan.container === 'flv' && /codec hevc not compatible/i.test(complaint))
    return { container: 'mpegts', sound: false };
  const soundless = /audio codec \S+ not compatible|does not support sample rate|incompatible audio/i;
  return plan.sound && soundless.test(complaint) ? { ...plan, sound: false } : undefined;
}
