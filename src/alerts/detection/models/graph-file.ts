import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { ModelUnusable } from '../detector-errors.ts';
import { reasonOf } from './reason.ts';

/** What the model.json of a TensorFlow.js graph model says; the weights lie in files beside it. */
export interface GraphFile {
  readonly modelTopology: { readonly node?: readonly GraphNode[] };
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: readonly WeightSpec[] }[];
  readonly signature?: object | undefined;
  readonly userDefinedMetadata?: { readonly labels?: unknown } | undefined;
}

/** One of the weights, which lie one after the other. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** How it is written when that is not how it is used. */
  readonly quantization?: { readonly dtype: string } | undefined;
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: object;
}

export const mostJsonBytes = 64 * 2 ** 20;
export const mostWeightBytes = 512 * 2 ** 20;

/** Throws ModelUnusable. */
export async function readGraphFile(path: string): Promise<GraphFile> {
  try {
    const { size } = await stat(path);
    if (size > mostJsonBytes) throw new Error(`it is larger than ${mostJsonBytes / 2 ** 20} MB`);
    return parseGraphFile(path, await readFile(path, 'utf8'));
  } catch (error) {
    throw error instanceof ModelUnusable ? error : new ModelUnusable(path, reasonOf(error));
  }
}

/** Throws ModelUnusable when it is another kind of file, or names weights elsewhere. */
export function parseGraphFile(path: string, text: string): GraphFile {
  const file: Partial<GraphFile> | null = JSON.parse(text);
  const { modelTopology, weightsManifest } = file ?? {};
  if (!modelTopology || !Array.isArray(weightsManifest)) {
    throw new ModelUnusable(path, 'it is not a TensorFlow.js graph model');
  }
  const graph: GraphFile = { ...file, modelTopology, weightsManifest };
  const stray = weightNames(graph).find((name) => isAbsolute(name) || normalize(name).startsWith('..'));
  if (stray !== undefined) throw new ModelUnusable(path, 'its weights do not lie beside it');
  return graph;
}

/** The files of a graph's weights, in their order. */
export function weightNames({ weightsManifest }: GraphFile): string[] {
  return weightsManifest.flatMap(({ paths }) => paths);
}

/** All weights in one piece. Throws ModelUnusable. */
export async function readWeights(path: string, file: GraphFile): Promise<ArrayBuffer> {
  try {
    const names = weightNames(file).map((name) => join(dirname(path), name));
    const sizes = await Promise.all(names.map(async (name) => (await stat(name)).size));
    if (sizes.reduce((sum, size) => sum + size, 0) > mostWeightBytes)
      throw new Error(`its weights are larger than ${mostWeightBytes / 2 ** 20} MB`);
    const parts = await Promise.all(names.map((name) => readFile(name)));
    return new Uint8Array(Buffer.concat(parts)).buffer;
  } catch (error) {
    throw new ModelUnusable(path, reasonOf(error));
  }
}

const dynamicOps =
  /^(?:Switch|Merge|Enter|Exit|NextIteration|LoopCond|(?:Stateless)?(?:If|While)|NonMaxSuppression.*|Where|Unique|TensorArray.*|TensorList.*)$/;

/** Whether the graph loops or answers as much as it likes: such a one is executed otherwise. */
export function isDynamic({ modelTopology }: GraphFile): boolean {
  return (modelTopology.node ?? []).some(({ op }) => dynamicOps.test(op));
}
