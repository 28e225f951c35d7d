import type { GraphFile, GraphNode, WeightSpec } from './graph-file.ts';

/** A graph and all its weights in one piece. */
export interface WeighedGraph {
  readonly file: GraphFile;
  readonly weights: ArrayBuffer;
}

const bytesOf: Readonly<Record<string, number>> = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1, bool: 1 };
/** What may stand between the last convolution and the answer. */
const plain = new Set(['Identity', 'Sigmoid']);
const mostPlain = 8;

/**
 * The graph as if it had only been taught those classes, in that order, for `answer` [1, rows, columns, classes]: what nobody
 * asks about is not computed. Undefined when its last step is no convolution of so many classes with a bias.
 */
export function keepClasses(
  { file, weights }: WeighedGraph,
  answer: string,
  classes: readonly number[],
): WeighedGraph | undefined {
  const [, kernel, bias] = lastConvolution(file, answer)?.input ?? [];
  const isCut = ({ name }: WeightSpec) => name === kernel || name === bias;
  const specs = file.weightsManifest.flatMap((group) => group.weights);
  const lengths = specs.map(lengthOf);
  const isKnown = lengths.every((length) => !Number.isNaN(length));
  if (!isKnown || specs.filter((spec) => isCut(spec) && canKeep(spec, classes)).length !== 2) return undefined;
  let end = 0;
  const parts = specs.map((spec, index) => {
    const from = end;
    end += lengths[index] ?? 0;
    const part = new Uint8Array(weights, from, end - from);
    return isCut(spec) ? columnsOf(part, spec, classes) : part;
  });
  const narrow = (spec: WeightSpec) =>
    isCut(spec) ? { ...spec, shape: [...spec.shape.slice(0, -1), classes.length] } : spec;
  const weightsManifest = file.weightsManifest.map((group) => ({ ...group, weights: group.weights.map(narrow) }));
  return { file: { ...file, weightsManifest }, weights: new Uint8Array(Buffer.concat(parts)).buffer };
}

function lastConvolution({ modelTopology }: GraphFile, answer: string): GraphNode | undefined {
  const nodes = new Map((modelTopology.node ?? []).map((node) => [node.name, node]));
  let node = nodes.get(answer.replace(/:0$/, ''));
  for (let steps = 0; node && plain.has(node.op) && steps < mostPlain; steps += 1)
    node = nodes.get(node.input?.[0] ?? '');
  return node?.op === '_FusedConv2D' && node.input?.length === 3 ? node : undefined;
}

const elementOf = ({ dtype, quantization }: WeightSpec) => bytesOf[quantization?.dtype ?? dtype] ?? Number.NaN;
const lengthOf = (spec: WeightSpec) => spec.shape.reduce((product, side) => product * side, elementOf(spec));

function canKeep({ shape }: WeightSpec, classes: readonly number[]): boolean {
  const all = shape.at(-1) ?? 0;
  return classes.length > 0 && classes.every((index) => index >= 0 && index < all);
}

/** Of every row of the last dimension the columns asked for. */
function columnsOf(part: Uint8Array, spec: WeightSpec, classes: readonly number[]): Uint8Array {
  const element = elementOf(spec);
  const row = (spec.shape.at(-1) ?? 0) * element;
  const kept = new Uint8Array((part.length / row) * classes.length * element);
  let to = 0;
  for (let from = 0; from < part.length; from += row)
    for (const index of classes) {
      kept.set(part.subarray(from + index * element, from + (index + 1) * element), to);
      to += element;
    }
  return kept;
}
