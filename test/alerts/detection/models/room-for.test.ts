import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freeSize } from '../../../../src/alerts/detection/models/free-size.ts';
import { type Adapter, asBytes } from '../../../../src/alerts/detection/models/model-form.ts';
import { roomFor } from '../../../../src/alerts/detection/models/room-for.ts';

const fixed: Adapter = {
  name: 'centernet',
  input: { room: { width: 512, height: 512 }, layout: 'nhwc', dtype: 'float32', ...asBytes },
  outputs: [],
  find: () => [],
};
const free = { ...fixed, sizes: ['up'] };

test.each([
  { name: 'a wide picture', cut: { width: 1280, height: 720 }, room: { width: 512, height: 288 } },
  { name: 'an old camera', cut: { width: 704, height: 576 }, room: { width: 512, height: 448 } },
  { name: 'a tall picture', cut: { width: 720, height: 1280 }, room: { width: 288, height: 512 } },
  { name: 'a square', cut: { width: 99, height: 99 }, room: { width: 512, height: 512 } },
  { name: 'a line', cut: { width: 4000, height: 1 }, room: { width: 512, height: 32 } },
])('a graph of any size gets only as much room as $name fills', ({ cut, room }) => {
  expect(roomFor(cut, free, 512)).toEqual(room);
  expect(roomFor(cut, fixed, 512)).toEqual({ width: 512, height: 512 });
});

test('a smaller size is a smaller room, in whole steps', () => {
  expect(roomFor({ width: 1280, height: 720 }, free, 320)).toEqual({ width: 320, height: 192 });
  expect(roomFor({ width: 1280, height: 720 }, free, 330)).toEqual({ width: 352, height: 224 });
});

test('no room is ever nothing, or more than a square', () => {
  const pixels = fc.integer({ min: 1, max: 8_192 });
  fc.assert(
    fc.property(pixels, pixels, (width, height) => {
      const room = roomFor({ width, height }, free, 512);
      return [room.width, room.height].every((side) => side >= 32 && side <= 512 && side % 32 === 0);
    }),
    { numRuns: 200 },
  );
});

test('what a graph scales to becomes its input, and its picture is of any size', () => {
  const nodes = [
    { name: 'x', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' } } },
    { name: 'up', op: 'Const' },
    { name: 'big', op: 'ResizeBilinear', input: ['x', 'up'] },
  ];
  const file = {
    modelTopology: { node: nodes },
    weightsManifest: [],
    signature: { inputs: { x: {} }, outputs: { y: {} } },
  };
  const freed = freeSize(file);
  expect(freed?.sizes).toEqual(['up']);
  expect(freed?.file.signature).toEqual({ inputs: {}, outputs: { y: {} } });
  expect(freed?.file.modelTopology.node).toMatchObject([
    {
      name: 'x',
      attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim: [{ size: '1' }, { size: '-1' }, {}, {}] } } },
    },
    { name: 'up', op: 'Placeholder' },
    { name: 'big', op: 'ResizeBilinear' },
  ]);
  expect(freeSize({ ...file, modelTopology: { node: nodes.slice(0, 2) } })).toBeUndefined();
});
