/** The peer: @vladmandic/human's own object detection, on the same pictures and with the same weights. */

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { rgbOf } from '../../src/alerts/detection/rgb-picture.ts';
import { answerEach, programOptions, say } from '../program.ts';
import { type Beat, type Clip, clipPictures } from './clip-pictures.ts';
import type { Look } from './our-detector.ts';

interface HumanObject {
  readonly label: string;
  readonly score: number;
  /** x, y, width and height in shares of the picture. */
  readonly boxRaw: readonly [number, number, number, number];
}

interface HumanTensor {
  dispose(): void;
}

interface HumanDetector {
  readonly tf: {
    tensor(values: Uint8Array, shape: readonly number[], type: 'int32'): HumanTensor;
  };
  load(): Promise<void>;
  detect(input: HumanTensor): Promise<{ readonly object: readonly HumanObject[] }>;
}

const { score } = programOptions<{ score: number }>();
const require = createRequire(import.meta.url);
const models = join(dirname(require.resolve('@vladmandic/human')), '../models');

/** It loads models by HTTP alone where there is no libtensorflow. */
const server = createServer((request, response) => {
  readFile(join(models, basename(request.url ?? ''))).then(
    (bytes) => response.end(bytes),
    () => response.writeHead(404).end(),
  );
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
const port = typeof address === 'object' ? address?.port : 0;

const off = { enabled: false } as const;
const { default: Human }: { default: new (config: object) => HumanDetector } = require(
  join(dirname(require.resolve('@vladmandic/human')), 'human.node-wasm.js'),
);
const human = new Human({
  backend: 'wasm',
  wasmPath: `${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`,
  modelBasePath: `http://127.0.0.1:${port}/`,
  cacheSensitivity: 0,
  debug: false,
  filter: off,
  face: off,
  body: off,
  hand: off,
  gesture: off,
  object: { enabled: true, minConfidence: score, maxDetected: 20, skipFrames: 0, skipTime: 0 },
});
await human.load();
say({});

async function looks({ clip, beat }: { clip: Clip; beat: Beat }): Promise<Look[]> {
  const all: Look[] = [];
  for await (const frame of clipPictures(clip, beat)) {
    const { picture, width, height } = frame;
    const before = performance.now();
    const tensor = human.tf.tensor(new Uint8Array(rgbOf(frame).buffer), [1, height, width, 3], 'int32');
    const { object } = await human.detect(tensor);
    const ms = performance.now() - before;
    tensor.dispose();
    const seen = object.map(({ label, score: sure, boxRaw: [x, y, w, h] }) => ({
      label,
      score: sure,
      box: { x, y, width: w, height: h },
    }));
    all.push({ picture, seen, ms });
  }
  return all;
}

await answerEach(async (question: { clip: Clip; beat: Beat }) => ({ looks: await looks(question) }));
