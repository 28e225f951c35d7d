import type { Locator } from 'playwright-core';

/** The few things of a page's elements that are looked at; the tests are compiled without the DOM. */
interface Video {
  readonly currentTime: number;
  readonly videoWidth: number;
  readonly ownerDocument: { createElement(name: 'canvas'): Canvas };
}
interface Canvas {
  width: number;
  height: number;
  getContext(kind: '2d'): { drawImage(...what: unknown[]): void; getImageData(...box: number[]): { data: Uint8Array } };
}

export interface VideoLook {
  /** Seconds. */
  readonly at: number;
  readonly width: number;
  /** Of the brightness of its points, 0 to 255. */
  readonly mean: number;
  readonly deviation: number;
}

/** What a `<video>` shows now, drawn on a canvas in the page. */
export async function lookAtVideo(video: Locator): Promise<VideoLook> {
  return await video.evaluate((element) => {
    const shown = element as unknown as Video;
    const canvas = shown.ownerDocument.createElement('canvas');
    [canvas.width, canvas.height] = [160, 90];
    const context = canvas.getContext('2d');
    context.drawImage(shown, 0, 0, 160, 90);
    const { data } = context.getImageData(0, 0, 160, 90);
    const lights = Array.from({ length: 160 * 90 }, (_, index) => {
      const [red = 0, green = 0, blue = 0] = data.subarray(index * 4, index * 4 + 3);
      return 0.299 * red + 0.587 * green + 0.114 * blue;
    });
    const mean = lights.reduce((sum, light) => sum + light, 0) / lights.length;
    const spread = lights.reduce((sum, light) => sum + (light - mean) ** 2, 0) / lights.length;
    return { at: shown.currentTime, width: shown.videoWidth, mean, deviation: Math.sqrt(spread) };
  });
}
