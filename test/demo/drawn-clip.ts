import type { Clip } from '../../demo/simulators/rtsp/mp4-clip.ts';

/** A clip that no decoder would like but every packet can be told from every other: 10 pictures, 50 ms each, two groups. */
export function drawnClip(codec: 'h264' | 'h265' = 'h264'): Clip {
  const header = (key: boolean) => (codec === 'h264' ? [key ? 0x65 : 0x41] : [(key ? 19 : 1) << 1, 1]);
  const frames = Array.from({ length: 10 }, (_, index) => {
    const key = index % 5 === 0;
    const nal = Buffer.alloc(key ? 4_000 : 300, index);
    nal.set(header(key));
    return { nals: [nal], key, decodeTicks: index * 4_500, presentationTicks: index * 4_500 };
  });
  const sets =
    codec === 'h264'
      ? [
          [0x67, 0x64, 0, 31, 1],
          [0x68, 2],
        ]
      : [
          [64, 1, 7],
          [66, 1, 7],
          [68, 1, 7],
        ];
  const parameterSets = sets.map((set) => Buffer.from(set));
  return { codec, width: 1280, height: 720, parameterSets, durationTicks: 45_000, frames };
}
