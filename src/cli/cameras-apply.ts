import { loadConfig } from '../config.ts';
import { CameraPlan } from '../streams/cameras/camera-plan.ts';
import type { Command } from './command.ts';
import { planLines } from './plan-lines.ts';
import { addressOf, ServerSession } from './server-session.ts';

/** Makes the camera files what runs, and shows what that changed. Fails with `NoServerError` when none runs. */
export const camerasApply: Command = async (context) => {
  const { configDir, environment, options, port, print } = context;
  const config = await loadConfig(configDir, environment);
  await using session = await ServerSession.open(addressOf(config, { url: options.url, port }), context);
  const plan = await session.call(CameraPlan, 'POST', '/cameras/apply');
  for (const line of planLines(plan)) print(line);
  return 0;
};
