import type { Log } from '../../shared/log.ts';
import { defaultModelPath } from './default-model.ts';
import type { DetectorConfig } from './detector-config.ts';
import { ModelUnusable } from './detector-errors.ts';
import type { DetectorPoolOptions } from './detector-pool.ts';
import { fingerprintOf } from './models/fingerprint.ts';
import { readLabelFile } from './models/label-file.ts';
import type { AdapterName } from './models/model-form.ts';
import { modelSource } from './models/model-source.ts';
import { ModelStore } from './models/model-store.ts';
import { tellShare } from './sightings.ts';

interface Surroundings {
  readonly dataDir: string;
  readonly signal: AbortSignal;
  readonly log: Log;
}

interface FoundModel {
  readonly model: string;
  readonly adapter?: AdapterName | undefined;
}

/** What a pool needs for this configuration; a model at a URL is fetched first. Throws a DetectorError. */
export async function poolOptions(config: DetectorConfig, around: Surroundings): Promise<DetectorPoolOptions> {
  const { backend, size, workers, score, thresholds } = config;
  const { model, adapter } = await findModel(config, around);
  const labels = config.labels === undefined ? undefined : await readLabelFile(config.labels);
  const minScore = Math.min(score, ...Object.values(thresholds)) * tellShare;
  return {
    ...{ model, backend, size, workers, labels, thresholds, minScore },
    adapter: config.adapter ?? adapter,
    log: around.log,
  };
}

async function findModel(
  { model, sha256 }: DetectorConfig,
  { dataDir, signal, log }: Surroundings,
): Promise<FoundModel> {
  if (model === undefined) return { model: defaultModelPath() };
  const source = modelSource(model, '.');
  const store = new ModelStore(dataDir);
  if (source.type === 'url') {
    log.info({ host: source.url.host }, 'detector model is looked for');
    return { model: await store.fetchUrl(source.url, { signal }, sha256) };
  }
  if (source.type === 'listed') {
    const path = await store.listed(source.model);
    if (path === undefined) throw new ModelUnusable(model, `it is not here yet: run 'tianliang model fetch ${model}'`);
    return { model: path, adapter: source.model.adapter };
  }
  const found = sha256 === undefined ? undefined : await fingerprintOf(source.path);
  if (found !== sha256) throw new ModelUnusable(model, `its SHA-256 is ${found}, not ${sha256}`);
  return { model: source.path };
}
