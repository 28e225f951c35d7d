import type { Corners } from '../letterbox.ts';
import { type Adapter, type Answer, asBytes, type Found, type ModelForm, type Wanted } from './model-form.ts';
import { squareOf } from './square-input.ts';

const rowNode = /(?:^|\/)detections(?::0)?$/;

/** Rows of [left, top, right, bottom, score, class] in pixels, as the CenterNet model of @vladmandic/human answers them. */
export function rowsAdapter(form: ModelForm): Adapter | undefined {
  const square = squareOf(form);
  const rows = form.outputs.find(({ name, shape }) => rowNode.test(name) && (shape.at(-1) ?? 6) === 6);
  if (!square || !rows) return undefined;
  return { name: 'centernet', input: { ...square, ...asBytes }, outputs: [rows.name], find: findRows };
}

function findRows([answer]: readonly Answer[], { minScore }: Wanted): Found[] {
  const { data } = answer ?? { data: [] };
  const found: Found[] = [];
  for (let at = 0; at + 6 <= data.length; at += 6) {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0, score = Number.NaN, kind = -1] = Array.from(
      { length: 6 },
      (_, index) => data[at + index],
    );
    const corners: Corners = [x1, y1, x2, y2];
    if (score >= minScore && score <= 1 && corners.every(Number.isFinite)) found.push({ corners, score, kind });
  }
  return found;
}
