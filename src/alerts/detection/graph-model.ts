import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import { ready, setBackend, type Tensor, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { ModelUnusable } from './detector-errors.ts';
import { type Labels, refuseIdentity } from './labels.ts';
import { type Corners, type Fit, fitInto, fromLetterbox, letterbox } from './letterbox.ts';
import type { RgbFrame, Sighting } from './model.ts';

export interface GraphModelOptions {
  /** The model.json of a TensorFlow.js graph model; its weights lie beside it. */
  readonly path: string;
  readonly labels: Labels;
  /** Sightings below this are not worth telling. */
  readonly minScore: number;
}

/** A loaded detector, for one thread. */
export interface GraphDetector {
  detect(frame: RgbFrame): Promise<Sighting[]>;
}

interface ModelFile {
  readonly modelTopology?: object;
  readonly weightsManifest?: readonly { readonly paths: readonly string[]; readonly weights: readonly never[] }[];
  readonly signature?: object;
  readonly userDefinedMetadata?: { readonly labels?: unknown };
}

/**
 * Loads a model that takes one square RGB picture, 0 to 255, and answers rows of [left, top, right, bottom, score, class]
 * in pixels of that square, as the CenterNet object model of @vladmandic/human does. Throws ModelUnusable.
 */
export async function openGraphModel(options: GraphModelOptions): Promise<GraphDetector> {
  refuseIdentity(options.labels.values());
  const model = await load(options.path);
  const size = inputSizeOf(model, options.path);
  const output = outputOf(model, options.path);
  return {
    detect: async (frame) => {
      const answer = tidy(() => model.execute(tensor4d(letterbox(frame, size), [1, size, size, 3]), output));
      const tensor = oneOf(answer);
      try {
        return sightingsOf(await tensor.data(), fitInto(frame, size), options);
      } finally {
        tensor.dispose();
      }
    },
  };
}

async function load(path: string): Promise<GraphModel> {
  const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(wasm)}/`);
  if (!(await setBackend('wasm'))) throw new ModelUnusable(path, 'the WASM backend does not start on this machine');
  await ready();
  const file = await readModelFile(path);
  const labels = file.userDefinedMetadata?.labels;
  if (labels !== undefined) refuseIdentity(JSON.stringify(labels).split(','));
  try {
    const { modelTopology, weightsManifest = [], signature } = file;
    const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
    const weightData = await readWeights(
      path,
      weightsManifest.flatMap(({ paths }) => paths),
    );
    return await loadGraphModel({
      load: async () => ({ modelTopology, weightSpecs, weightData, ...(signature && { signature }) }),
    } as Parameters<typeof loadGraphModel>[0]);
  } catch (error) {
    throw new ModelUnusable(path, reasonOf(error));
  }
}

async function readModelFile(path: string): Promise<ModelFile> {
  try {
    const file: ModelFile | null = JSON.parse(await readFile(path, 'utf8'));
    if (file?.modelTopology && Array.isArray(file.weightsManifest)) return file;
  } catch (error) {
    throw new ModelUnusable(path, reasonOf(error));
  }
  throw new ModelUnusable(path, 'it is not a TensorFlow.js graph model');
}

async function readWeights(path: string, names: readonly string[]): Promise<ArrayBuffer> {
  const parts = await Promise.all(names.map((name) => readFile(join(dirname(path), name))));
  return new Uint8Array(Buffer.concat(parts)).buffer;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function inputSizeOf(model: GraphModel, path: string): number {
  const [, rows, columns, channels] = model.inputs[0]?.shape ?? [];
  if (model.inputs.length !== 1 || rows === undefined || rows < 32 || rows !== columns || channels !== 3) {
    throw new ModelUnusable(path, 'its input is not one square RGB picture');
  }
  return rows;
}

const rowNode = /(?:^|\/)detections(?::0)?$/;

function outputOf(model: GraphModel, path: string): string {
  const output = model.outputs.find(({ name }) => rowNode.test(name));
  if (!output) throw new ModelUnusable(path, 'it has no output named detections');
  return output.name;
}

function oneOf(answer: Tensor | Tensor[]): Tensor {
  const tensor = Array.isArray(answer) ? answer[0] : answer;
  if (!tensor) throw new Error('the model gave no output');
  return tensor;
}

/** Rows that are not numbers, are of no class we know or lie outside the picture are left out. */
export function sightingsOf(
  rows: ArrayLike<number>,
  fit: Fit,
  { labels, minScore }: Pick<GraphModelOptions, 'labels' | 'minScore'>,
): Sighting[] {
  const sightings: Sighting[] = [];
  for (let at = 0; at + 6 <= rows.length; at += 6) {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0, score = Number.NaN, kind = -1] = Array.from(
      { length: 6 },
      (_, i) => rows[at + i],
    );
    const corners: Corners = [x1, y1, x2, y2];
    const label = labels.get(kind);
    if (label === undefined || !(score >= minScore && score <= 1) || !corners.every(Number.isFinite)) continue;
    const box = fromLetterbox(fit, corners);
    if (box) sightings.push({ label, score, box });
  }
  return sightings;
}
