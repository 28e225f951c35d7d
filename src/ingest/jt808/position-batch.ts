/** The reports of a 0x0704, as they stand; `whole` unless it is cut short or holds another number than it says. */
export interface PositionBatch {
  readonly reports: readonly Buffer[];
  readonly whole: boolean;
}

/** A count, a type (0: several at once, 1: kept while out of reach), then each report behind its length. */
export function parseBatch(body: Buffer): PositionBatch {
  const reports: Buffer[] = [];
  let at = 3;
  while (at + 2 <= body.length) {
    const end = at + 2 + body.readUInt16BE(at);
    if (end > body.length) break;
    reports.push(body.subarray(at + 2, end));
    at = end;
  }
  return { reports, whole: body.length >= 3 && at === body.length && reports.length === body.readUInt16BE(0) };
}
