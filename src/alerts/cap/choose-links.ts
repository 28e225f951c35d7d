/** Which documents of an index are asked for now: those never asked for in the order of the index, then the longest waiting. */
export function chooseLinks<T>(links: readonly T[], askedAt: (link: T) => number | undefined, most: number): T[] {
  const before = (link: T) => askedAt(link) ?? Number.NEGATIVE_INFINITY;
  return links.toSorted((a, b) => (before(a) === before(b) ? 0 : before(a) - before(b))).slice(0, most);
}
