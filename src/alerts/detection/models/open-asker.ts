import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import { dispose, type NamedTensorMap, type Tensor, tensor, tensor1d, zeros } from '@tensorflow/tfjs-core';
import { ModelUnusable } from '../detector-errors.ts';
import { defaultLabels, type Labels, refuseIdentity } from '../labels.ts';
import type { Room } from '../letterbox.ts';
import { chooseAdapter } from './choose-adapter.ts';
import { freeSize } from './free-size.ts';
import { type GraphFile, isDynamic, readGraphFile, readWeights } from './graph-file.ts';
import { keepClasses, type WeighedGraph } from './keep-classes.ts';
import {
  type Adapter,
  type AdapterName,
  type Answer,
  type ModelForm,
  mostNumbers,
  type TensorForm,
} from './model-form.ts';
import { pictureInput } from './picture-input.ts';
import { reasonOf } from './reason.ts';

export interface AskerOptions {
  readonly path: string;
  readonly adapter?: AdapterName | undefined;
  readonly labels?: Labels | undefined;
  readonly size?: number | undefined;
}

/** A model that can be asked about a room of bytes. */
export interface Asker {
  readonly adapter: Adapter;
  /** By the class index that it answers. */
  readonly labels: Labels;
  readonly ask: (floats: Float32Array<ArrayBuffer>, room: Room) => Promise<Answer[]>;
}

/** COCO's classes, when nobody says otherwise. */
const usualClasses = 80;
/** Of the picture that a model of any size is tried with. */
const trialSize = 320;
const mostSide = 2_048;

/** Loads a graph and finds out how it is asked. Throws ModelUnusable or IdentityModelRefused. */
export async function openAsker(options: AskerOptions): Promise<Asker> {
  const { path } = options;
  const file = await readGraphFile(path);
  refuseMetadata(file);
  const weights = await readWeights(path, file);
  const model = await load(path, { file, weights });
  const freed = freeSize(file);
  const form = await formOf(model, options, isDynamic(file));
  const adapter = adapterOf(form, options, freed?.sizes ?? []);
  const labels = options.labels ?? defaultLabels(adapter.name);
  if (!adapter.sizes || !freed)
    return { adapter, labels, ask: asker(model, adapter, { isDynamic: isDynamic(file), steps: {} }) };
  model.dispose();
  const needed = labelledOnly({ file: freed.file, weights }, adapter, labels);
  const free = await load(path, needed.graph);
  const steps = stepsOf(free, adapter);
  return { adapter, labels: needed.labels, ask: asker(free, adapter, { isDynamic: false, steps }) };
}

/** Without the classes that have no label: nobody would be told of them. */
function labelledOnly(graph: WeighedGraph, { outputs: [classes = ''] }: Adapter, labels: Labels) {
  const kept = keepClasses(graph, classes, [...labels.keys()]);
  return kept ? { graph: kept, labels: new Map([...labels.values()].entries()) } : { graph, labels };
}

async function load(path: string, { file, weights: weightData }: WeighedGraph): Promise<GraphModel> {
  const { modelTopology, weightsManifest, signature } = file;
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  try {
    return await loadGraphModel({
      load: async () => ({ modelTopology, weightSpecs, weightData, ...(signature && { signature }) }),
    } as Parameters<typeof loadGraphModel>[0]);
  } catch (error) {
    throw new ModelUnusable(path, reasonOf(error));
  }
}

/** What a model says about itself may tell that it identifies, also when its labels do not. */
function refuseMetadata({ userDefinedMetadata, signature }: GraphFile): void {
  const labels = userDefinedMetadata?.labels;
  if (labels !== undefined) refuseIdentity(JSON.stringify(labels).split(','));
  const outputs = signature && 'outputs' in signature ? signature.outputs : undefined;
  if (typeof outputs === 'object' && outputs !== null)
    refuseIdentity(Object.keys(outputs).filter((name) => !unnamed.test(name)));
}

/** What TensorFlow calls an output that nobody named. */
const unnamed = /^Identity(?:_\d+)?(?::\d+)?$/;

function adapterOf(
  form: ModelForm,
  { path, adapter: name, labels, size }: AskerOptions,
  sizes: readonly string[],
): Adapter {
  const classes = labels ? Math.max(-1, ...labels.keys()) + 1 : usualClasses;
  const adapter = chooseAdapter(form, { name, classes, size, sizes });
  if (adapter) return adapter;
  const shapes = [...form.inputs, ...form.outputs].map(written);
  const asked = name ? `not of the form of ${name}` : `of no known form with ${classes} classes`;
  throw new ModelUnusable(path, `it is ${asked}: ${shapes.slice(0, 8).join('; ')}`);
}

/** What a model answers is known once it has looked at something: few say so themselves. */
async function formOf(model: GraphModel, { path, size }: AskerOptions, isDynamicGraph: boolean): Promise<ModelForm> {
  const inputs = model.inputs.map(({ name, shape, dtype }) => ({ name, shape: shape ?? [], dtype }));
  const [input] = inputs;
  const shape = input?.shape.map((side, index) => (side === -1 ? (index === 0 ? 1 : (size ?? trialSize)) : side)) ?? [];
  if (!input || inputs.length > 1 || shape.length !== 4 || shape.some((side) => side > mostSide))
    throw new ModelUnusable(path, `it does not take one picture, but ${inputs.map(written).join('; ') || 'nothing'}`);
  const picture = zeros(shape, input.dtype === 'int32' ? 'int32' : 'float32');
  try {
    const names = model.outputs.map(({ name }) => name);
    const given = await run(model, { [input.name]: picture }, { names, isDynamic: isDynamicGraph });
    const outputs = given.map((each, at) => ({ name: names[at] ?? '', shape: each.shape, dtype: each.dtype }));
    dispose(given);
    return { inputs, outputs };
  } finally {
    picture.dispose();
  }
}

function written({ name, shape }: TensorForm): string {
  return `${name} [${shape.join(', ')}]`;
}

interface Run {
  readonly names: string[];
  readonly isDynamic: boolean;
}

async function run(model: GraphModel, inputs: NamedTensorMap, { names, isDynamic: isSo }: Run): Promise<Tensor[]> {
  const given = isSo ? await model.executeAsync(inputs, names) : model.execute(inputs, names);
  return Array.isArray(given) ? given : [given];
}

/** How often the graph has halved its picture where it scales to each of its sizes. */
function stepsOf({ weights }: GraphModel, { sizes = [], input }: Adapter): Record<string, number> {
  const wholes = sizes.map((name) => [name, input.room.height / (weights[name]?.[0]?.dataSync()[0] ?? 1)] as const);
  return Object.fromEntries(wholes);
}

interface Ways {
  readonly isDynamic: boolean;
  readonly steps: Readonly<Record<string, number>>;
}

/** Asks the model; of the tensors nothing is left. */
function asker(
  model: GraphModel,
  { input, outputs }: Adapter,
  { isDynamic: isDynamicGraph, steps }: Ways,
): Asker['ask'] {
  const picture = model.inputs.find(({ name }) => !(name in steps))?.name ?? '';
  const names = [...outputs];
  return async (floats, room) => {
    const shape = input.layout === 'nhwc' ? [1, room.height, room.width, 3] : [1, 3, room.height, room.width];
    const inputs: NamedTensorMap = { [picture]: tensor(pictureInput(floats, input), shape, input.dtype) };
    for (const [name, step] of Object.entries(steps))
      inputs[name] = tensor1d([room.height / step, room.width / step], 'int32');
    try {
      return await numbersOf(await run(model, inputs, { names, isDynamic: isDynamicGraph }));
    } finally {
      dispose(inputs);
    }
  };
}

async function numbersOf(tensors: Tensor[]): Promise<Answer[]> {
  try {
    if (tensors.some(({ size }) => size > mostNumbers)) throw new Error('the model answers more than anybody reads');
    const answers = await Promise.all(tensors.map(async (each) => ({ shape: each.shape, data: await each.data() })));
    if (answers.some(({ data }) => isNonsense(data))) throw new Error('the model answers what are no numbers');
    return answers;
  } finally {
    dispose(tensors);
  }
}

/** A row may be broken; a model that answers nothing else sees nothing, and that is not the same as nobody there. */
function isNonsense(data: ArrayLike<number>): boolean {
  let broken = 0;
  for (let index = 0; index < data.length; index++) if (Number.isNaN(data[index])) broken += 1;
  return broken > data.length / 2;
}
