import type { Alert } from '../api/shapes.ts';

/** The one after or before the selected in the list as shown; the first when nothing is selected. */
export function neighbourOf(list: readonly Alert[], id: string | undefined, by: 1 | -1): Alert | undefined {
  const at = list.findIndex((alert) => alert.id === id);
  return at < 0 ? list[0] : (list[at + by] ?? list[at]);
}

/** The untaken one after the selected, from the top again at the end. */
export function nextUntaken(queue: readonly Alert[], id: string | undefined): Alert | undefined {
  const untaken = queue.filter(({ state }) => state === 'raised');
  const at = untaken.findIndex((alert) => alert.id === id);
  return untaken[at + 1] ?? untaken[0];
}
