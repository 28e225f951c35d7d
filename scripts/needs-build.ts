/** True when nothing was built yet, or a source has changed since. Times in milliseconds. */
export function needsBuild(builtAt: number | undefined, sourcesAt: readonly number[]): boolean {
  return builtAt === undefined || sourcesAt.some((at) => at > builtAt);
}
