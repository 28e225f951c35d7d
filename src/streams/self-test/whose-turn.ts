export interface Waiting {
  readonly id: string;
  /** Undefined for one that never had its turn. */
  readonly lastMs: number | undefined;
  /** Something is wrong with it, perhaps: it is seen to sooner. */
  readonly urgent: boolean;
}

/** Whose turn it is: the urgent first, then who has waited longest; nobody before its rest is over. */
export function nextInTurn(
  all: readonly Waiting[],
  { now, restMs, urgentRestMs }: { readonly now: number; readonly restMs: number; readonly urgentRestMs: number },
): string | undefined {
  const due = all.filter(
    ({ lastMs, urgent }) => lastMs === undefined || now - lastMs >= (urgent ? urgentRestMs : restMs),
  );
  const rank = ({ urgent, lastMs }: Waiting) => (urgent ? Number.MIN_SAFE_INTEGER : 0) + (lastMs ?? -1);
  return due.reduce<Waiting | undefined>((first, one) => (first && rank(first) <= rank(one) ? first : one), undefined)
    ?.id;
}
