import { expect, test } from 'vitest';
import type { GraphFile, GraphNode, WeightSpec } from '../../../../src/alerts/detection/models/graph-file.ts';
import { keepClasses } from '../../../../src/alerts/detection/models/keep-classes.ts';

const specs: readonly WeightSpec[] = [
  { name: 'before', shape: [], dtype: 'int32' },
  { name: 'kernel', shape: [1, 1, 2, 4], dtype: 'float32', quantization: { dtype: 'uint8' } },
  { name: 'between', shape: [2], dtype: 'float32' },
  { name: 'bias', shape: [4], dtype: 'float32', quantization: { dtype: 'float16' } },
  { name: 'after', shape: [1], dtype: 'bool' },
];
const bytes = [
  ...[9, 9, 9, 9],
  ...[10, 11, 12, 13, 20, 21, 22, 23],
  ...[8, 8, 8, 8, 7, 7, 7, 7],
  ...[30, 130, 31, 131, 32, 132, 33, 133],
  1,
];

const convolution = { name: 'conv', op: '_FusedConv2D', input: ['picture', 'kernel', 'bias'] };
const answer = { name: 'answer', op: 'Identity', input: ['sigmoid'] };
const sigmoid = { name: 'sigmoid', op: 'Sigmoid', input: ['conv'] };

function graph(nodes: readonly GraphNode[], weights = specs): { file: GraphFile; weights: ArrayBuffer } {
  const file = { modelTopology: { node: nodes }, weightsManifest: [{ paths: ['a'], weights }] };
  return { file, weights: Uint8Array.from(bytes).buffer };
}

test('of the last convolution only the columns of those classes are left, in their order and as they were written', () => {
  const kept = keepClasses(graph([answer, sigmoid, convolution]), 'answer:0', [3, 1]);
  const [group] = kept?.file.weightsManifest ?? [];
  expect(group?.weights.map(({ name, shape }) => [name, shape])).toEqual([
    ['before', []],
    ['kernel', [1, 1, 2, 2]],
    ['between', [2]],
    ['bias', [2]],
    ['after', [1]],
  ]);
  const [kernel, bias] = [
    [13, 11, 23, 21],
    [33, 133, 31, 131],
  ];
  const left = [...bytes.slice(0, 4), ...kernel, ...bytes.slice(12, 20), ...bias, 1];
  expect([...new Uint8Array(kept?.weights ?? new ArrayBuffer())]).toEqual(left);
});

const { input: _input, ...orphan } = sigmoid;
test.each([
  { name: 'another last step', nodes: [answer, { ...sigmoid, op: 'Softmax' }, convolution] },
  { name: 'no bias', nodes: [answer, sigmoid, { ...convolution, input: ['picture', 'kernel'] }] },
  {
    name: 'weights that are computed',
    nodes: [answer, sigmoid, { ...convolution, input: ['picture', 'conv', 'bias'] }],
  },
  { name: 'no such answer', nodes: [convolution] },
  { name: 'a step that takes nothing', nodes: [answer, orphan, convolution] },
  { name: 'a circle', nodes: [answer, { ...sigmoid, input: ['answer'] }, convolution] },
])('a graph with $name is left as it is', ({ nodes }) => {
  expect(keepClasses(graph(nodes), 'answer', [0])).toBeUndefined();
});

test.each([
  { name: 'a class that it was not taught', classes: [0, 4] },
  { name: 'no class', classes: [] },
])('for $name it is left as it is', ({ classes }) => {
  expect(keepClasses(graph([answer, sigmoid, convolution]), 'answer', classes)).toBeUndefined();
});

test('with weights of an unknown length it is left as it is', () => {
  const [first, ...more] = specs;
  const strange = [...(first ? [{ ...first, dtype: 'string' }] : []), ...more];
  expect(keepClasses(graph([answer, sigmoid, convolution], strange), 'answer', [0])).toBeUndefined();
});
