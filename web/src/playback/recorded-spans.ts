/** What there is of a camera's time, as the server tells it. */
export interface RecordingSpan {
  readonly kind: 'recording' | 'gap';
  readonly from: string;
  readonly to: string;
  readonly reason?: string;
}

/** The stretch of time a bar shows; milliseconds since the epoch. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A piece of the bar, in shares of its length. */
export interface BarPiece {
  readonly kind: 'recording' | 'gap';
  readonly start: number;
  readonly length: number;
}

export const shareOf = ({ from, to }: Stretch, at: number): number =>
  Math.min(1, Math.max(0, (at - from) / (to - from)));

/** The bar's pieces in order; neighbours of one kind are one piece, so that a day of files is no thousand of elements. */
export function barPieces(spans: readonly RecordingSpan[], stretch: Stretch): BarPiece[] {
  const pieces: BarPiece[] = [];
  for (const { kind, from, to } of spans) {
    const start = shareOf(stretch, Date.parse(from));
    const end = shareOf(stretch, Date.parse(to));
    const last = pieces.at(-1);
    if (last?.kind === kind) pieces[pieces.length - 1] = { ...last, length: end - last.start };
    else if (end > start) pieces.push({ kind, start, length: end - start });
  }
  return pieces;
}

export function hasRecordings(spans: readonly RecordingSpan[]): boolean {
  return spans.some(({ kind }) => kind === 'recording');
}

/** The moment that a place on the bar stands for; in a gap the first moment after it that is recorded. */
export function momentAt(spans: readonly RecordingSpan[], stretch: Stretch, place: number): number | undefined {
  const wanted = stretch.from + Math.min(1, Math.max(0, place)) * (stretch.to - stretch.from);
  const recorded = spans.filter(({ kind }) => kind === 'recording');
  const found = recorded.find(({ to }) => Date.parse(to) > wanted) ?? recorded.at(-1);
  if (!found) return undefined;
  const [from, to] = [Date.parse(found.from), Date.parse(found.to)];
  return Math.min(Math.max(wanted, from), Math.max(from, to - 1_000));
}
