export interface BestClass {
  readonly kind: number;
  readonly score: number;
}

interface Row {
  /** Where the scores of its classes begin. */
  readonly from: number;
  readonly classes: number;
  readonly minScore: number;
}

/** The likeliest class of a row; undefined when none is likely enough, or a score is no share. */
export function bestClass(data: ArrayLike<number>, { from, classes, minScore }: Row): BestClass | undefined {
  let kind = -1;
  let best = minScore;
  for (let each = 0; each < classes; each++) {
    const score = data[from + each] ?? 0;
    if (score >= best && score <= 1) [kind, best] = [each, score];
  }
  return kind === -1 ? undefined : { kind, score: best };
}
