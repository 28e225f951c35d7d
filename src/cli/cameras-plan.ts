import { loadConfig } from '../config.ts';
import { CameraPlan, isEmptyPlan } from '../streams/cameras/camera-plan.ts';
import type { Command } from './command.ts';
import { planLines } from './plan-lines.ts';
import { addressOf, isRunning, ServerSession } from './server-session.ts';

const differs = 2;

/**
 * Shows what the camera files change of what runs: exit code 2 when they do, 0 when not. Without a running command center
 * they are only checked.
 */
export const camerasPlan: Command = async (context) => {
  const { configDir, environment, options, port, print, signal } = context;
  const config = await loadConfig(configDir, environment);
  const url = addressOf(config, { url: options.url, port });
  if (!(await isRunning(url, signal))) {
    print(`${configDir} is valid: ${config.cameras.length} cameras`);
    print(`no command center answers at ${url}: there is nothing to compare them with`);
    return 0;
  }
  await using session = await ServerSession.open(url, context);
  const plan = await session.call(CameraPlan, 'GET', '/cameras/plan');
  for (const line of planLines(plan)) print(line);
  return isEmptyPlan(plan) ? 0 : differs;
};
