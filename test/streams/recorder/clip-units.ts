import { join } from 'node:path';
import { type Clip, readClip } from '../../../demo/simulators/rtsp/mp4-clip.ts';
import type { ArrivedUnit } from '../../../src/streams/hub/stream-hub.ts';
import type { AccessUnit, ParameterSets } from '../../../src/streams/rtp/nal.ts';
import { ParameterStore } from '../../../src/streams/rtp/parameter-store.ts';
import { root } from '../../helpers/program.ts';

export const demoClip = (name: string) => join(root, 'demo/clips', `${name}.mp4`);

export function setsOf(clip: Clip): ParameterSets {
  const { current } = new ParameterStore(clip.codec, clip.parameterSets);
  if (!current) throw new Error('the clip has no parameter sets');
  return current;
}

export interface ClipPictures {
  readonly clip: Clip;
  readonly units: readonly AccessUnit[];
}

/** The pictures of a clip as they leave the assembler; several turns of it one after the other. */
export async function readPictures(path: string, turns = 1): Promise<ClipPictures> {
  const clip = await readClip(path);
  const parameters = setsOf(clip);
  const units = Array.from({ length: turns }, (_, turn) =>
    clip.frames.map(({ nals, key, presentationTicks }): AccessUnit => {
      const timestamp = (0xffff0000 + turn * clip.durationTicks + presentationTicks) >>> 0;
      return { codec: clip.codec, key, nals, parameters, timestamp, afterLoss: false };
    }),
  ).flat();
  return { clip, units };
}

/** When each picture comes: as its camera took it, beginning at `at` and, by the monotonic clock, at `ms`. */
export function arrivals({ clip, units }: ClipPictures, start: Date) {
  return units.map((unit, index): { arrived: ArrivedUnit; nowMs: number } => {
    const turn = Math.floor(index / clip.frames.length);
    const ticks = turn * clip.durationTicks + (clip.frames[index % clip.frames.length]?.decodeTicks ?? 0);
    const ms = ticks / 90;
    return { arrived: { unit, at: new Date(start.getTime() + Math.round(ms)) }, nowMs: 1_000 + ms };
  });
}
