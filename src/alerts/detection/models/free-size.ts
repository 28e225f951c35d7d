import type { GraphFile, GraphNode } from './graph-file.ts';

/** A graph that takes pictures of any size, once it is told with each what to scale to. */
export interface FreedGraph {
  readonly file: GraphFile;
  /** The constants that said so: now inputs. */
  readonly sizes: readonly string[];
}

const int = { type: 'DT_INT32' };

/**
 * A convolutional graph is of one size only by what it scales to on its way: those constants become inputs, and its picture
 * may be of any size. Undefined when it scales to nothing.
 */
export function freeSize(file: GraphFile): FreedGraph | undefined {
  const nodes = file.modelTopology.node ?? [];
  const sizes = [
    ...new Set(nodes.filter(({ op }) => op === 'ResizeBilinear').flatMap(({ input }) => input?.[1] ?? [])),
  ];
  const constants = new Set(nodes.filter(({ op }) => op === 'Const').map(({ name }) => name));
  if (sizes.length === 0 || !sizes.every((name) => constants.has(name))) return undefined;
  const freed = nodes.map((node) => freedNode(node, sizes));
  // Without its inputs: those it names are of one size.
  const signature = { ...file.signature, inputs: {} };
  return { file: { ...file, signature, modelTopology: { ...file.modelTopology, node: freed } }, sizes };
}

function freedNode(node: GraphNode, sizes: readonly string[]): GraphNode {
  if (sizes.includes(node.name)) return { name: node.name, op: 'Placeholder', attr: { dtype: int, shape: shapeOf(2) } };
  if (node.op !== 'Placeholder') return node;
  return { ...node, attr: { ...node.attr, shape: shapeOf(1, -1, -1, 3) } };
}

function shapeOf(...sizes: number[]) {
  return { shape: { dim: sizes.map((size) => ({ size: String(size) })) } };
}
