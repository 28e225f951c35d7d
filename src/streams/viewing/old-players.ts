/**
 * FFmpeg before 6.1 (libavformat 60.16) does not know H.265 in FLV, and some versions crash on it: such a client gets
 * the bare H.265 stream, which it recognises by itself. It says who it is: `Lavf/59.27.100`.
 */
export function knowsNoHevcInFlv(userAgent: string | undefined): boolean {
  const [, major, minor] = /^Lavf\/(\d{1,3})\.(\d{1,3})\./.exec(userAgent ?? '') ?? [];
  if (major === undefined) return false;
  return Number(major) < 60 || (Number(major) === 60 && Number(minor) < 16);
}
