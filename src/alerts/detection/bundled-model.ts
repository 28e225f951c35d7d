import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The object model that ships in @vladmandic/human: CenterNet on COCO's 80 classes. Its other models are never loaded. */
export function bundledModel(): string {
  const home = dirname(createRequire(import.meta.url).resolve('@vladmandic/human/package.json'));
  return join(home, 'models', 'centernet.json');
}
