/** One line of the printed table: what was measured, and both sides of it in the words they are read in. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly peer: string;
  /** Ours divided by the peer's. */
  readonly ratio: string;
}

export function table(rows: readonly Row[]): string {
  const lines = rows.map(({ what, ours, peer, ratio }) => `| ${what} | ${ours} | ${peer} | ${ratio} |`);
  return ['| what | ours | peer | ratio |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

export interface Comparison {
  readonly what: string;
  /** One figure of each round. */
  readonly ours: readonly number[];
  readonly peer: readonly number[];
  readonly write: (value: number) => string;
}

/** The medians over the rounds of a run, and their ratio. */
export function compare({ what, ours, peer, write }: Comparison): Row {
  const [our, their] = [median(ours), median(peer)];
  return { what, ours: write(our), peer: write(their), ratio: ratio(our, their) };
}

export interface Latencies {
  readonly what: string;
  readonly unit: string;
  /** Milliseconds, all rounds together. */
  readonly ours: readonly number[];
  readonly peer: readonly number[];
}

/** p50 and p99 of both sides. */
export function compareLatencies({ what, unit, ours, peer }: Latencies): Row {
  const ratios = [0.5, 0.99].map((q) => ratio(quantile(ours, q), quantile(peer, q)));
  return { what, ours: written(ours, unit), peer: written(peer, unit), ratio: ratios.join(' / ') };
}

/** `p50 / p99` with the unit. */
export function written(values: readonly number[], unit: string): string {
  return values.length === 0 ? '–' : `${digits(quantile(values, 0.5))} / ${digits(quantile(values, 0.99))} ${unit}`;
}

/** The smallest value that at least the share `q` of all is not above; NaN of nothing. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** Three digits that count; thousands whole. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

function ratio(ours: number, peer: number): string {
  return peer > 0 && Number.isFinite(ours) ? `${digits(ours / peer)}×` : '–';
}
