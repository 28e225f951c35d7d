import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface TinyOutput {
  readonly name: string;
  readonly shape: readonly number[];
  /** What it answers to a white picture; to a darker one so much less. */
  readonly values: readonly number[];
}

export interface TinyGraph {
  readonly input: { readonly shape: readonly number[]; readonly dtype?: 'DT_FLOAT' | 'DT_INT32' };
  /** What white is to it. */
  readonly white: number;
  readonly outputs: readonly TinyOutput[];
  readonly metadata?: object;
}

const float = { type: 'DT_FLOAT' };
const int = { type: 'DT_INT32' };

/** Writes a real TensorFlow.js graph model of a few nodes, and says where its model.json is. */
export async function writeTinyGraph(dir: string, graph: TinyGraph): Promise<string> {
  const constants: { name: string; shape: readonly number[]; dtype: 'float32' | 'int32'; values: readonly number[] }[] =
    [
      { name: 'axes', shape: [4], dtype: 'int32', values: [0, 1, 2, 3] },
      { name: 'share', shape: [], dtype: 'float32', values: [1 / graph.white] },
      ...graph.outputs.map(({ name, shape, values }) => ({
        ...{ name: `${name}_white`, shape, values },
        dtype: 'float32' as const,
      })),
    ];
  const dtype = { type: graph.input.dtype ?? 'DT_FLOAT' };
  const nodes = [
    { name: 'images', op: 'Placeholder', attr: { dtype, shape: { shape: dims(graph.input.shape) } } },
    ...constants.map(({ name, ...each }) => ({
      ...{ name, op: 'Const' },
      attr: { dtype: each.dtype === 'int32' ? int : float, value: { tensor: { tensorShape: dims(each.shape) } } },
    })),
    { name: 'numbers', op: 'Cast', input: ['images'], attr: { SrcT: dtype, DstT: float } },
    { name: 'mean', op: 'Mean', input: ['numbers', 'axes'], attr: { keep_dims: { b: false }, T: float, Tidx: int } },
    { name: 'light', op: 'Mul', input: ['mean', 'share'], attr: { T: float } },
    ...graph.outputs.map(({ name }) => ({
      ...{ name, op: 'Mul', input: ['light', `${name}_white`], attr: { T: float } },
    })),
  ];
  return await writeModel(dir, { nodes, constants, outputs: graph.outputs, metadata: graph.metadata });
}

/** One that answers two gigabytes of numbers whatever it is asked. */
export async function writeGiantGraph(dir: string): Promise<string> {
  const shape = [1, 90_000_000, 6];
  const constants = [
    { name: 'much', shape: [3], dtype: 'int32' as const, values: shape },
    { name: 'value', shape: [], dtype: 'float32' as const, values: [0.5] },
  ];
  const constant = (name: string, of: readonly number[], dtype: object) => ({
    ...{ name, op: 'Const', attr: { dtype, value: { tensor: { tensorShape: dims(of) } } } },
  });
  const nodes = [
    { name: 'images', op: 'Placeholder', attr: { dtype: float, shape: { shape: dims([1, 32, 32, 3]) } } },
    constant('much', [3], int),
    constant('value', [], float),
    { name: 'detections', op: 'Fill', input: ['much', 'value'], attr: { T: float, index_type: int } },
  ];
  return await writeModel(dir, { nodes, constants, outputs: [{ name: 'detections', shape }] });
}

/** One that multiplies matrices for minutes before it answers. */
export async function writeSlowGraph(dir: string): Promise<string> {
  const side = 2_048;
  const constants = [
    { name: 'square', shape: [2], dtype: 'int32' as const, values: [side, side] },
    { name: 'one', shape: [], dtype: 'float32' as const, values: [1] },
    { name: 'corner', shape: [2], dtype: 'int32' as const, values: [0, 0] },
    { name: 'part', shape: [2], dtype: 'int32' as const, values: [1, 6] },
    { name: 'row', shape: [3], dtype: 'int32' as const, values: [1, 1, 6] },
  ];
  const attr = { T: float, transpose_a: { b: false }, transpose_b: { b: false } };
  const products = Array.from({ length: 100 }, (_, index) => ({
    ...{ name: `m${index + 1}`, op: 'MatMul', input: [`m${index}`, 'm0'], attr },
  }));
  const nodes = [
    { name: 'images', op: 'Placeholder', attr: { dtype: float, shape: { shape: dims([1, 32, 32, 3]) } } },
    ...constants.map(({ name, shape, dtype }) => ({
      ...{ name, op: 'Const' },
      attr: { dtype: dtype === 'int32' ? int : float, value: { tensor: { tensorShape: dims(shape) } } },
    })),
    { name: 'm0', op: 'Fill', input: ['square', 'one'], attr: { T: float, index_type: int } },
    ...products,
    { name: 'some', op: 'Slice', input: ['m100', 'corner', 'part'], attr: { T: float, Index: int } },
    { name: 'detections', op: 'Reshape', input: ['some', 'row'], attr: { T: float, Tshape: int } },
  ];
  return await writeModel(dir, { nodes, constants, outputs: [{ name: 'detections', shape: [1, 1, 6] }] });
}

interface Written {
  readonly nodes: readonly object[];
  readonly constants: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly dtype: 'float32' | 'int32';
    readonly values: readonly number[];
  }[];
  readonly outputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly metadata?: object | undefined;
}

async function writeModel(dir: string, { nodes, constants, outputs, metadata }: Written): Promise<string> {
  const weights = constants.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
  const bytes = constants.map(({ dtype, values }) =>
    Buffer.from((dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)).buffer),
  );
  const signature = {
    outputs: Object.fromEntries(
      outputs.map(({ name, shape }) => [name, { name, dtype: 'DT_FLOAT', tensorShape: dims(shape) }]),
    ),
  };
  const model = {
    format: 'graph-model',
    modelTopology: { node: nodes, library: {}, versions: { producer: 1 } },
    weightsManifest: [{ paths: ['weights.bin'], weights }],
    signature,
    ...(metadata && { userDefinedMetadata: metadata }),
  };
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'weights.bin'), Buffer.concat(bytes));
  await writeFile(join(dir, 'model.json'), JSON.stringify(model));
  return join(dir, 'model.json');
}

function dims(shape: readonly number[]) {
  return { dim: shape.map((size) => ({ size: String(size) })) };
}
