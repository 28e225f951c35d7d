import { loadConfig } from '../config.ts';
import { CameraTools } from '../streams/cameras/camera-tools.ts';
import { type Command, UsageError } from './command.ts';

/** Walks one camera of cameras.yaml stage by stage; exit code 1 when a stage fails, and the last line says why. */
export const camerasProbe: Command = async ({ words, configDir, environment, print }) => {
  const [id] = words;
  if (id === undefined) throw new UsageError('cameras probe expects the ID of a camera in cameras.yaml');
  const { cameras } = await loadConfig(configDir, environment);
  if (!cameras.some((camera) => camera.id === id)) throw new UsageError(`cameras.yaml has no camera ${id}`);
  const stages = await new CameraTools({ cameras }).probe({ id });
  for (const { stage, ok, ms, message } of stages)
    print(`${ok ? '✓' : '✕'} ${stage.padEnd(16)}${String(ms).padStart(6)} ms  ${message}`);
  return stages.every(({ ok }) => ok) ? 0 : 1;
};
