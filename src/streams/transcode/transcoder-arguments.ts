export interface TranscoderOutput {
  /** Pictures are made no wider than this. */
  readonly maxWidth: number;
  /** The most bits a second, over one second. */
  readonly maxBitrate: number;
}

export const usualOutput: TranscoderOutput = { maxWidth: 1_280, maxBitrate: 2_500_000 };

const keyEverySeconds = 2;

/**
 * Matroska in, FLV with H.264 out, each picture as soon as it is there. One decoding thread: more would hold back a picture
 * each. What is shown before `fromMs` is decoded but not sent: it only leads up to where the last process ended.
 */
export function transcoderArguments(fromMs: number, { maxWidth, maxBitrate }: TranscoderOutput): string[] {
  const rate = String(maxBitrate);
  const filters = [
    ...(fromMs > 0 ? [`select=gte(t\\,${(fromMs / 1_000).toFixed(3)})`] : []),
    `scale='min(${maxWidth},iw)':-2`,
    'format=yuv420p',
  ];
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-protocol_whitelist', 'pipe', '-threads', '1'],
    ...['-fflags', 'nobuffer', '-flags', 'low_delay', '-probesize', '32768', '-analyzeduration', '0'],
    ...['-fpsprobesize', '0', '-f', 'matroska', '-i', 'pipe:0', '-an', '-vf', filters.join(',')],
    // Times go through as they are: the wall's clock runs by the camera's.
    ...['-fps_mode', 'passthrough', '-enc_time_base', '1:1000'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-profile:v', 'main', '-threads', '2'],
    ...['-crf', '24', '-maxrate', rate, '-bufsize', rate, '-x264-params', 'scenecut=0'],
    ...['-force_key_frames', `expr:gte(t,n_forced*${keyEverySeconds})`],
    ...['-flvflags', 'no_duration_filesize', '-flush_packets', '1', '-f', 'flv', 'pipe:1'],
  ];
}
