import { type ListedModel, listedModels } from '../alerts/detection/models/listed-models.ts';
import { ModelStore } from '../alerts/detection/models/model-store.ts';
import type { Command } from './command.ts';

/** Shows the models that can be fetched by name, and which are here. */
export const modelList: Command = async ({ dataDir, print }) => {
  const store = new ModelStore(dataDir);
  print('centernet (the default, comes with Tianliang): CenterNet 512, 80 COCO classes, MIT');
  for (const model of listedModels) {
    const isHere = (await store.listed(model)) !== undefined;
    for (const line of modelLines(model, isHere)) print(line);
  }
  return 0;
};

/** What an engineer must know before fetching one. */
export function modelLines(model: ListedModel, isHere: boolean): string[] {
  const bytes = model.files.reduce((sum, file) => sum + file.bytes, 0);
  return [
    `${model.name}${isHere ? ' (fetched)' : ''}: ${model.about}`,
    `  licence  ${model.licence}`,
    `  size     ${megabytes(bytes)}, out of a package of ${megabytes(model.tarballBytes)}`,
    `  from     ${model.tarball} (${model.package})`,
    ...model.files.map(({ path, sha256 }) => `  sha256   ${sha256}  ${path.split('/').at(-1)}`),
  ];
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
