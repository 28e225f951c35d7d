import { edgeColumns, edgeRows, type PictureFacts, spread, writtenRows } from './picture-facts.ts';

/** What a camera usually sees, as its edges lie and stand; light and contrast change with the hour, edges do not. */
export interface Scene {
  readonly upright: Float32Array;
  readonly level: Float32Array;
  /** As `PictureFacts` has it; undefined of a scene without detail. */
  readonly sharpness: number | undefined;
}

/** How well a picture fits a scene. */
export interface SceneMatch {
  /** From 0 (another scene) to 1: at its place, or as near as a mast sways. */
  readonly here: number;
  /** The same where it fits best, and how far that is away, in parts of the picture's width and height. */
  readonly best: { readonly fit: number; readonly right: number; readonly down: number };
}

/** Edge cells a mast sways by, about 3 % of the width. */
const sway = 2;
/** As far as is looked for the scene: a third of the picture. */
const farRight = 22;
const farDown = 12;
const edgeBand = writtenRows * 2;
/** Not searched farther: that takes longer than all the rest. */
const surelyHere = 0.5;

/** What every street has is left out, so that another street does not fit. */
interface EdgeMap {
  readonly columns: number;
  readonly rows: number;
  readonly upright: Float32Array;
  readonly level: Float32Array;
}

interface Shift {
  readonly right: number;
  readonly down: number;
}

type Fitting = Shift & { readonly fit: number };

export function matchScene(facts: PictureFacts, scene: Scene): SceneMatch {
  const [picture, known] = [mapOf(facts), mapOf(scene)];
  const here = highest(around({ right: 0, down: 0 }, [sway, sway]), (shift) => fitOf(picture, known, shift));
  const far = here.fit >= surelyHere ? here : search(picture, known);
  const { fit, right, down } = far.fit > here.fit ? far : here;
  return {
    here: Math.max(0, here.fit),
    best: { fit: Math.max(0, fit), right: right / edgeColumns, down: down / edgeRows },
  };
}

/** On maps of half the size first, then about what was found. */
function search(picture: EdgeMap, known: EdgeMap): Fitting {
  const [small, smallKnown] = [halved(picture), halved(known)];
  const reach = [farRight / 2, farDown / 2] as const;
  const rough = highest(around({ right: 0, down: 0 }, reach), (shift) => fitOf(small, smallKnown, shift));
  const middle = { right: rough.right * 2, down: rough.down * 2 };
  return highest(around(middle, [1, 1]), (shift) => fitOf(picture, known, shift));
}

function around({ right, down }: Shift, [across, upAndDown]: readonly [number, number]): Shift[] {
  const along = (middle: number, most: number) =>
    Array.from({ length: 2 * most + 1 }, (_, index) => middle + index - most);
  return along(down, upAndDown).flatMap((dy) => along(right, across).map((dx) => ({ right: dx, down: dy })));
}

function highest(among: readonly Shift[], fitAt: (shift: Shift) => number): Fitting {
  const each = among.map((shift) => ({ ...shift, fit: fitAt(shift) }));
  return each.reduce((a, b) => (b.fit > a.fit ? b : a), { right: 0, down: 0, fit: -1 });
}

/** Loud edges dampened, and the mean of each row taken out: there is more detail below than above everywhere. */
function mapOf({ upright, level }: Pick<Scene, 'upright' | 'level'>): EdgeMap {
  const [columns, rows] = [edgeColumns, edgeRows];
  const levelled = (edges: Float32Array) => {
    const damped = edges.map((edge) => Math.sqrt(edge));
    const means = Array.from(
      { length: rows },
      (_, row) => spread(damped.subarray(row * columns, (row + 1) * columns)).mean,
    );
    return damped.map((edge, at) => edge - (means[Math.floor(at / columns)] ?? 0));
  };
  return { columns, rows, upright: levelled(upright), level: levelled(level) };
}

function halved({ columns, rows, upright, level }: EdgeMap): EdgeMap {
  const half = (edges: Float32Array) => {
    const small = new Float32Array((columns / 2) * (rows / 2));
    for (const [at, edge] of edges.entries()) {
      const to = Math.floor(at / columns / 2) * (columns / 2) + Math.floor((at % columns) / 2);
      small[to] = (small[to] ?? 0) + edge;
    }
    return small;
  };
  return { columns: columns / 2, rows: rows / 2, upright: half(upright), level: half(level) };
}

/** The correlation of what both show when the scene has gone `right` and `down`. */
function fitOf(picture: EdgeMap, scene: EdgeMap, shift: Shift): number {
  const upright = products(picture, picture.upright, { scene: scene.upright, ...shift });
  const level = products(picture, picture.level, { scene: scene.level, ...shift });
  const size = Math.sqrt((upright.ofPicture + level.ofPicture) * (upright.ofScene + level.ofScene));
  return size > 0 ? (upright.both + level.both) / size : 0;
}

function products(
  { columns, rows }: EdgeMap,
  picture: Float32Array,
  { scene, right, down }: Shift & { readonly scene: Float32Array },
) {
  let [both, ofPicture, ofScene] = [0, 0, 0];
  const band = (edgeBand * rows) / edgeRows;
  const [left, end] = [Math.max(0, right), columns + Math.min(0, right)];
  for (let row = band + Math.max(0, down); row < rows - band + Math.min(0, down); row += 1)
    for (let column = left; column < end; column += 1) {
      const a = picture[row * columns + column] ?? 0;
      const b = scene[(row - down) * columns + column - right] ?? 0;
      both += a * b;
      ofPicture += a * a;
      ofScene += b * b;
    }
  return { both, ofPicture, ofScene };
}

/** An edge cell with as much change above the noise has something to see. */
const detailLevel = 2.2;
/** With less of the scene's, its detail is gone. */
const lostShare = 0.35;
/** The evenest cells, of sky and road, show the noise alone. */
const noiseShare = 0.1;

export interface LostDetail {
  /** The part of the scene's cells with detail that have none now. */
  readonly share: number;
  /** Whether what is lost lies above what is left, as in fog, which takes the far first. */
  readonly fromAbove: boolean;
}

export function lostDetail(facts: PictureFacts, scene: Scene): LostDetail {
  const now = detailOf(facts);
  const lostRows: number[] = [];
  const keptRows: number[] = [];
  for (const [at, before] of detailOf(scene).entries()) {
    if (before < detailLevel) continue;
    const rows = (now[at] ?? 0) < before * lostShare ? lostRows : keptRows;
    rows.push(Math.floor(at / edgeColumns));
  }
  const all = lostRows.length + keptRows.length;
  const below = meanOf(keptRows) - meanOf(lostRows);
  return { share: all === 0 ? 0 : lostRows.length / all, fromAbove: below > edgeRows / 8 };
}

/** The part of all cells that has something to see. */
export function detailShare(edges: Pick<Scene, 'upright' | 'level'>): number {
  const detail = detailOf(edges);
  return detail.filter((level) => level >= detailLevel).length / detail.length;
}

/** What changes within each cell between the written bands, less the noise. */
function detailOf({ upright, level }: Pick<Scene, 'upright' | 'level'>): Float32Array {
  const [from, to] = [edgeBand * edgeColumns, (edgeRows - edgeBand) * edgeColumns];
  const edges = upright.subarray(from, to).map((edge, at) => edge + (level[from + at] ?? 0));
  const noise = edges.toSorted()[Math.floor(edges.length * noiseShare)] ?? 0;
  return edges.map((edge) => Math.max(0, edge - noise));
}

const meanOf = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
