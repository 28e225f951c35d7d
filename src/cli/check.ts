import { loadConfig } from '../config.ts';
import { ConfigError } from '../shared/config-error.ts';
import type { Command } from './command.ts';

/** Checks every file of the config directory; a `ConfigError` naming each mistake ends it with exit code 1. */
export const check: Command = async ({ configDir, environment, print }) => {
  const { cameras, units, tianliang, detectorFiles } = await loadConfig(configDir, environment);
  if (detectorFiles.doubts.length > 0) throw new ConfigError(detectorFiles.doubts);
  print(`${configDir} is valid: ${cameras.length} cameras, ${units.length} units, ${tianliang.devices.length} devices`);
  return 0;
};
