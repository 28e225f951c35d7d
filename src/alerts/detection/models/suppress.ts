import { intersectionOverUnion } from '../box.ts';
import type { UnitBox } from '../model.ts';
import type { Found } from './model-form.ts';

/** No picture shows more: the surest of them are enough. */
const mostCandidates = 1_000;
const mostKept = 100;

/** Each thing once: of boxes of one class that overlap more than `mostOverlap`, the surest. */
export function suppress(found: readonly Found[], mostOverlap: number): Found[] {
  const ordered = found.toSorted((one, other) => other.score - one.score).slice(0, mostCandidates);
  const kept: { readonly found: Found; readonly box: UnitBox }[] = [];
  for (const candidate of ordered) {
    if (kept.length >= mostKept) break;
    const box = boxOf(candidate);
    const isDouble = kept.some(
      (other) => other.found.kind === candidate.kind && intersectionOverUnion(other.box, box) > mostOverlap,
    );
    if (!isDouble) kept.push({ found: candidate, box });
  }
  return kept.map((each) => each.found);
}

function boxOf({ corners: [x1, y1, x2, y2] }: Found): UnitBox {
  return { x: x1, y: y1, width: x2 - x1, height: y2 - y1 };
}
