import { expect, test } from 'vitest';
import { chooseAdapter } from '../../../../src/alerts/detection/models/choose-adapter.ts';
import type { Answer, ModelForm, TensorForm } from '../../../../src/alerts/detection/models/model-form.ts';

const tensor = (name: string, shape: number[], dtype = 'float32'): TensorForm => ({ name, shape, dtype });
const form = (input: TensorForm, ...outputs: TensorForm[]): ModelForm => ({ inputs: [input], outputs });

const forms = {
  centernet: form(tensor('images', [1, 512, 512, 3]), tensor('tower_0/detections', [1, 100, 6])),
  ssd: form(
    tensor('image_tensor', [1, -1, -1, 3], 'int32'),
    tensor('Postprocessor/Slice', [1, 1917, 90]),
    tensor('Postprocessor/ExpandDims_1', [1, 1917, 1, 4]),
  ),
  yolov5: form(tensor('x', [1, 640, 640, 3]), tensor('Identity', [1, 25_200, 85])),
  yolov8: form(tensor('images', [1, 3, 320, 320]), tensor('Identity', [1, 84, 2_100])),
  nanodet: form(
    tensor('input', [1, 3, 64, 64]),
    tensor('a', [1, 4, 80]),
    tensor('b', [1, 16, 44]),
    tensor('c', [1, 16, 80]),
    tensor('d', [1, 4, 44]),
  ),
};

test.each([
  {
    of: 'centernet',
    name: 'centernet',
    input: { room: { width: 512, height: 512 }, layout: 'nhwc', dtype: 'float32' },
  },
  { of: 'ssd', name: 'ssd', input: { room: { width: 300, height: 300 }, layout: 'nhwc', dtype: 'int32' } },
  {
    of: 'yolov5',
    name: 'yolo',
    input: { room: { width: 640, height: 640 }, layout: 'nhwc', deviation: [255, 255, 255] },
  },
  {
    of: 'yolov8',
    name: 'yolo',
    input: { room: { width: 320, height: 320 }, layout: 'nchw', deviation: [255, 255, 255] },
  },
  { of: 'nanodet', name: 'nanodet', input: { room: { width: 64, height: 64 }, layout: 'nchw', colours: 'bgr' } },
] as const)('a model of the form of $of is understood without being told', ({ of, name, input }) => {
  expect(chooseAdapter(forms[of], { classes: 80 })).toMatchObject({ name, input });
});

test.each([
  { name: 'of two pictures', model: { ...forms.yolov5, inputs: [...forms.yolov5.inputs, ...forms.ssd.inputs] } },
  { name: 'of a picture that is no square', model: form(tensor('x', [1, 640, 480, 3]), ...forms.yolov5.outputs) },
  { name: 'of grey pictures', model: form(tensor('x', [1, 64, 64, 1]), ...forms.yolov5.outputs) },
  { name: 'of other classes', model: form(tensor('x', [1, 64, 64, 3]), tensor('y', [1, 100, 17])) },
  { name: 'of endless pictures', model: form(tensor('x', [1, 9_999, 9_999, 3]), ...forms.yolov5.outputs) },
])('a model $name is not', ({ model }) => {
  expect(chooseAdapter(model, { classes: 80 })).toBeUndefined();
});

test('the size of a model that takes any is what is asked for', () => {
  expect(chooseAdapter(forms.ssd, { classes: 80, size: 416 })?.input.room.width).toBe(416);
  expect(chooseAdapter(forms.yolov5, { classes: 80, size: 416 })?.input.room.width).toBe(640);
});

function find(of: keyof typeof forms, answers: Answer[], classes = 80) {
  const adapter = chooseAdapter(forms[of], { classes });
  const found = adapter?.find(answers, { minScore: 0.3, room: adapter.input.room }) ?? [];
  return found.map(({ corners, score, kind }) => ({ corners: corners.map(Math.round), score, kind }));
}

/** Rows of numbers as an answer [1, rows, numbers], or lying on its side. */
function answerOf(rows: number[][], turned = false): Answer {
  const width = rows[0]?.length ?? 0;
  if (!turned) return { shape: [1, rows.length, width], data: rows.flat() };
  return {
    shape: [1, width, rows.length],
    data: Array.from({ length: width }, (_, i) => rows.map((r) => r[i] ?? 0)).flat(),
  };
}

const classes = (of: Record<number, number>, count = 80) => Array.from({ length: count }, (_, kind) => of[kind] ?? 0);

test('YOLOv5: middle and size, a score that there is anything, scores of classes; doubles of one class are one', () => {
  const rows = [
    [320, 320, 64, 128, 0.9, ...classes({ 0: 0.8, 2: 0.5 })],
    [322, 321, 64, 128, 0.8, ...classes({ 0: 0.8 })],
    [322, 321, 64, 128, 0.8, ...classes({ 2: 0.9 })],
    [100, 100, 50, 50, 0.3, ...classes({ 0: 0.9 })],
    [100, 100, 50, Number.NaN, 0.9, ...classes({ 0: 0.9 })],
    [100, 100, 50, 50, 0.9, ...classes({ 0: Number.NaN })],
  ];
  expect(find('yolov5', [answerOf(rows)])).toEqual([
    { corners: [288, 256, 352, 384], score: 0.9 * 0.8, kind: 0 },
    { corners: [290, 257, 354, 385], score: 0.8 * 0.9, kind: 2 },
  ]);
});

test('YOLOv5 and YOLOv8 in shares of the square are the same as in pixels', () => {
  const v5 = [0.5, 0.5, 0.1, 0.2, 1, ...classes({ 7: 0.6 })];
  expect(find('yolov5', [answerOf([v5, v5])])).toEqual([{ corners: [288, 256, 352, 384], score: 0.6, kind: 7 }]);
  const v8 = [0.5, 0.5, 0.1, 0.2, ...classes({ 7: 0.6 })];
  const pixels = [160, 160, 32, 64, ...classes({ 7: 0.6 })];
  const expected = [{ corners: [144, 128, 176, 192], score: 0.6, kind: 7 }];
  expect(find('yolov8', [answerOf([v8, v8], true)])).toEqual(expected);
  expect(find('yolov8', [answerOf([pixels, pixels], true)])).toEqual(expected);
});

test('SSD: boxes from top and left in shares of the picture, the likeliest class of each', () => {
  const boxes = { shape: [1, 3, 1, 4], data: [0.1, 0.2, 0.5, 0.4, 0.1, 0.2, 0.5, 0.41, 0, 0, Number.NaN, 1] };
  const scores = answerOf([classes({ 0: 0.7, 2: 0.4 }, 90), classes({ 0: 0.6 }, 90), classes({ 0: 0.9 }, 90)]);
  expect(find('ssd', [scores, boxes])).toEqual([{ corners: [60, 30, 120, 150], score: 0.7, kind: 0 }]);
});

test('NanoDet: how far the sides of a box are from the middle of its cell, as the mean of a distribution', () => {
  const far = (step: number) => Array.from({ length: 11 }, (_, bin) => (bin === step ? 50 : 0));
  const none = { shape: [1, 16, 80], data: Array(16 * 80).fill(0) };
  const noDistance = { shape: [1, 16, 44], data: Array(16 * 44).fill(0) };
  const scores = answerOf([classes({}), classes({}), classes({}), classes({ 0: 0.5 })]);
  const distances = answerOf([...Array(3).fill(Array(44).fill(0)), [...far(1), ...far(0), ...far(0), ...far(0)]]);
  const found = find('nanodet', [scores, distances, none, noDistance]);
  // Cells of 32 pixels; the middle of the last one is at 48, 48.
  expect(found).toEqual([{ corners: [16, 48, 48, 48], score: 0.5, kind: 0 }]);
});

test('CenterNet: the peaks of its heat, with how far the sides are from the cell; of a room of any form', () => {
  const model = form(
    tensor('images', [1, 512, 512, 3]),
    tensor('tower_0/wh', [1, 128, 128, 4]),
    tensor('tower_0/keypoints', [1, 128, 128, 2]),
  );
  const adapter = chooseAdapter(model, { classes: 2, sizes: ['up'] });
  expect(adapter).toMatchObject({ name: 'centernet', outputs: ['tower_0/keypoints', 'tower_0/wh'] });
  const heat = { shape: [1, 2, 3, 2], data: [0.1, 0, 0.5, 0.4, 0.6, 0.4, 0, 0, 0, 0, Number.NaN, 0] };
  const extent = { shape: [1, 2, 3, 4], data: Array.from({ length: 24 }, (_, at) => [3, 2, 5, 6][at % 4] ?? 0) };
  const found = adapter?.find([heat, extent], { minScore: 0.3, room: { width: 12, height: 8 } });
  expect(found).toEqual([
    { corners: [5, -2, 13, 6], score: 0.6, kind: 0 },
    { corners: [1, -2, 9, 6], score: 0.4, kind: 1 },
    { corners: [5, -2, 13, 6], score: 0.4, kind: 1 },
  ]);
});

test('more candidates than any picture shows are not all kept', () => {
  const rows = Array.from({ length: 2_000 }, (_, i) => [
    (i * 37) % 640,
    (i * 91) % 640,
    9,
    9,
    1,
    ...classes({ 0: 0.9 }),
  ]);
  expect(find('yolov5', [answerOf(rows)]).length).toBeLessThanOrEqual(100);
});
