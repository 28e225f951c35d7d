/** What a program needs to find its files, speak its language and reach its device. */
const plainNames = [
  /^(?:PATH|PATHEXT|HOME|USER|LANG|LANGUAGE|TZ|TMPDIR|TEMP|TMP|SystemRoot|windir|FFMPEG_BIN)$/i,
  /^(?:LD_LIBRARY_PATH|LD_PRELOAD)$/,
  /^(?:LC|XDG|SSL_CERT|FONTCONFIG|LIBVA|VDPAU|CUDA|NVIDIA|NODE|UV|MALLOC)_\w+$/,
];

/**
 * The whole environment, for us alone: it holds the secrets of the configuration (`${NAME}`). What is left in `env` is what
 * children and threads inherit, for a child's environment can be read in /proc (T36).
 */
export function takeEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const whole = { ...env };
  for (const name of Object.keys(whole)) if (!plainNames.some((pattern) => pattern.test(name))) delete env[name];
  return whole;
}
