type Corner = readonly [number, number];

/** Whether any two edges of the closed polygon cross, or touch where they are not neighbours. */
export function selfCrosses(polygon: readonly Corner[]): boolean {
  const edges = edgesOf(withoutRepeats(polygon));
  return edges.some((edge, index) =>
    edges.slice(index + 2).some((other, gap) => {
      const areNeighbours = index === 0 && gap === edges.length - 3;
      return !areNeighbours && touch(edge, other);
    }),
  );
}

/** False when all corners lie on one line. */
export function hasArea(polygon: readonly Corner[]): boolean {
  const [first = [0, 0]] = polygon;
  return polygon.some((corner, index) => Math.abs(turn(first, corner, polygon[index + 1] ?? first)) > 1e-9);
}

/** Whether all of them are one and the same. */
export function isOnePoint(points: readonly Corner[]): boolean {
  return points.every(([x, y]) => x === points[0]?.[0] && y === points[0]?.[1]);
}

type Edge = readonly [Corner, Corner];

/** A polygon may be written closed, and a corner twice: an edge without length crosses nothing. */
function withoutRepeats(polygon: readonly Corner[]): Corner[] {
  return polygon.filter((corner, index) => !isOnePoint([corner, polygon.at(index - 1) ?? corner]));
}

function edgesOf(polygon: readonly Corner[]): Edge[] {
  return polygon.map((corner, index): Edge => [corner, polygon[(index + 1) % polygon.length] ?? corner]);
}

/** Twice the area of a triangle: more than nothing when it turns clockwise in a picture. */
function turn([ax, ay]: Corner, [bx, by]: Corner, [cx, cy]: Corner): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

function touch([a, b]: Edge, [c, d]: Edge): boolean {
  const [one, two, three, four] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (one * two < 0 && three * four < 0) return true;
  return (
    (one === 0 && isWithin(a, b, c)) ||
    (two === 0 && isWithin(a, b, d)) ||
    (three === 0 && isWithin(c, d, a)) ||
    (four === 0 && isWithin(c, d, b))
  );
}

function isWithin([ax, ay]: Corner, [bx, by]: Corner, [x, y]: Corner): boolean {
  return x >= Math.min(ax, bx) && x <= Math.max(ax, bx) && y >= Math.min(ay, by) && y <= Math.max(ay, by);
}
