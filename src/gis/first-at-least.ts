/** Binary search in values that never fall: the first index whose value is not under `wanted`, or the last index. */
export function firstAtLeast(values: ArrayLike<number>, wanted: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
