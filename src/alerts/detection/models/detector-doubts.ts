import type { DetectorConfig } from '../detector-config.ts';
import { DetectorError, LabelsWrong } from '../detector-errors.ts';
import { refuseIdentityFile } from '../labels.ts';
import { readGraphFile } from './graph-file.ts';
import { readLabelFile } from './label-file.ts';
import { modelSource } from './model-source.ts';

/** What is wrong with a file that the detector's configuration names. */
export interface DetectorDoubt {
  readonly key: 'model' | 'labels';
  readonly message: string;
  /** In the file itself. */
  readonly place?: { readonly file: string; readonly line: number; readonly column: number };
}

/** What can be seen without loading the model: files that are not there, are something else, or identify people. */
export async function detectorDoubts({ model, labels }: DetectorConfig): Promise<DetectorDoubt[]> {
  const ofModel = model === undefined ? undefined : await failure(() => tryModel(model));
  const ofLabels = labels === undefined ? undefined : await failure(() => readLabelFile(labels));
  return [
    ...(ofModel ? [{ key: 'model', message: ofModel.message } as const] : []),
    ...(ofLabels ? [labelDoubt(ofLabels)] : []),
  ];
}

async function tryModel(text: string): Promise<void> {
  const source = modelSource(text, '.');
  if (source.type === 'listed') return;
  refuseIdentityFile(source.type === 'url' ? source.url.pathname : source.path);
  if (source.type === 'file') await readGraphFile(source.path);
}

function labelDoubt(error: DetectorError): DetectorDoubt {
  const place = error instanceof LabelsWrong ? { file: error.file, ...error.place } : undefined;
  const message = error instanceof LabelsWrong ? error.reason : error.message;
  return { key: 'labels', message, ...(place && { place }) };
}

async function failure(trial: () => Promise<unknown>): Promise<DetectorError | undefined> {
  try {
    await trial();
    return undefined;
  } catch (error) {
    if (error instanceof DetectorError) return error;
    throw error;
  }
}
