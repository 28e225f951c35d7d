import sharp from 'sharp';
import { framesPerSecond, type Scene } from './scene.ts';

/** The clip's frames in order, RGBA, each the still picture with the moment's SVG over it. */
export async function* render(scene: Scene): AsyncGenerator<Buffer> {
  const still = await sharp(Buffer.from(scene.still())).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = still.info;
  for (let index = 0; index < scene.seconds * framesPerSecond; index++) {
    const over = Buffer.from(scene.moving(index / framesPerSecond));
    yield await sharp(still.data, { raw: { width, height, channels } })
      .composite([{ input: over }])
      .raw()
      .toBuffer();
  }
}
