import { resolve } from 'node:path';
import { type ListedModel, listedModel } from './listed-models.ts';

/** Where a model is: a file, a URL, or a name of the list. */
export type ModelSource =
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'url'; readonly url: URL }
  | { readonly type: 'listed'; readonly model: ListedModel };

/** What `detector.model` means; paths are relative to the directory of the configuration. */
export function modelSource(text: string, dir: string): ModelSource {
  if (/^https?:\/\//i.test(text)) return { type: 'url', url: new URL(text) };
  const model = listedModel(text);
  return model ? { type: 'listed', model } : { type: 'file', path: resolve(dir, text) };
}
