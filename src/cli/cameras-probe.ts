import { loadConfig } from '../config.ts';
import { silentLog } from '../shared/log.ts';
import { CameraTools } from '../streams/cameras/camera-tools.ts';
import { ffmpegCandidates, findFfmpeg } from '../streams/ffmpeg.ts';
import { kindOf } from '../streams/probe/probe-source.ts';
import { OtherSources } from '../streams/sources/other-sources.ts';
import { type Command, UsageError } from './command.ts';

/** Walks one camera of cameras.yaml stage by stage; exit code 1 when a stage fails, and the last line says why. */
export const camerasProbe: Command = async ({ words, configDir, environment, print }) => {
  const [id] = words;
  if (id === undefined) throw new UsageError('cameras probe expects the ID of a camera in cameras.yaml');
  const { cameras, tianliang } = await loadConfig(configDir, environment);
  const camera = cameras.find((one) => one.id === id);
  if (!camera) throw new UsageError(`cameras.yaml has no camera ${id}`);
  const needsFfmpeg = ['file', 'stream'].includes(kindOf(camera.source));
  const ffmpegPath = needsFfmpeg ? await findFfmpeg(ffmpegCandidates(environment.FFMPEG_PATH)) : '';
  const { rtmp, sources } = tianliang.video;
  const others = new OtherSources({ cameras: [camera], rtmp, sources, ffmpegPath, log: silentLog });
  try {
    const tools = new CameraTools({ cameras: [camera], otherSource: (config) => others.sessionOf(config) });
    const stages = await tools.probe({ id });
    for (const { stage, ok, ms, message } of stages)
      print(`${ok ? '✓' : '✕'} ${stage.padEnd(16)}${String(ms).padStart(6)} ms  ${message}`);
    return stages.every(({ ok }) => ok) ? 0 : 1;
  } finally {
    await others.close();
  }
};
