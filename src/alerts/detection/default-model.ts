import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The CenterNet object model that ships in @vladmandic/human: 80 kinds of things, nobody's face. */
export function defaultModelPath(): string {
  const entry = createRequire(import.meta.url).resolve('@vladmandic/human');
  return join(dirname(entry), '../models/centernet.json');
}
