import type { ValueIssue } from './check-value.ts';

/**
 * Ids that stand twice in a list of a file (`cameras`, `units`, …), whatever else is wrong with it: a file whose values
 * are refused is never asked what only a good one can be asked.
 */
export function repeatedIds(file: unknown): ValueIssue[] {
  if (!isObject(file)) return [];
  return Object.entries(file).flatMap(([list, entries]) => (Array.isArray(entries) ? repeatedIn(list, entries) : []));
}

function repeatedIn(list: string, entries: readonly unknown[]): ValueIssue[] {
  const first = new Map<string, number>();
  return entries.flatMap((entry, index): ValueIssue[] => {
    const id = isObject(entry) ? entry.id : undefined;
    if (typeof id !== 'string') return [];
    const before = first.get(id);
    if (before === undefined) first.set(id, index);
    if (before === undefined) return [];
    const message = `expected an id that no other has; ${list}[${before}] has it too`;
    return [{ path: [list, index, 'id'], at: 'value', message }];
  });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
