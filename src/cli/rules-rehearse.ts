import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { sensorRulesOf } from '../alerts/config.ts';
import { caseLine, fileCases } from '../alerts/rehearsal/case-file.ts';
import { Rehearsal } from '../alerts/rehearsal/rehearsal.ts';
import { rehearsalLines } from '../alerts/rehearsal/rehearsal-lines.ts';
import { RehearsalTally } from '../alerts/rehearsal/rehearsal-tally.ts';
import { type ReviewedCase, reviewedCases } from '../alerts/rehearsal/reviewed-cases.ts';
import { type Config, loadConfig } from '../config.ts';
import { Areas } from '../gis/areas.ts';
import { placeOf } from '../gis/place.ts';
import { Roads } from '../gis/roads.ts';
import { parseDuration } from '../ingest/telemetry/telemetry-store.ts';
import { watchedCameras } from '../placing.ts';
import { openStoreToRead } from '../store/store.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';

/**
 * Plays reviewed alerts, of the data directory or of a file, through the rules of the config directory and tells what
 * would be otherwise. Reads only; works while the server runs.
 */
export const rulesRehearse: Command = async (context) => {
  const { configDir, environment, options, flags, print, signal } = context;
  const rehearsal = rehearsalOf(await loadConfig(configDir, environment));
  const to = new Date();
  const since = sinceOf(options.since, to);
  const tally = new RehearsalTally();
  await using exported = await exportTo(options.export);
  for await (const one of casesOf(context, since)) {
    if (signal.aborted) return 1;
    const { trace, ...alert } = one;
    if (!trace) tally.skip(alert.at);
    else {
      await exported.write({ ...alert, trace });
      tally.add(alert, rehearsal.play({ ...alert, trace }));
    }
  }
  const report = tally.report(to);
  for (const line of flags.json ? [JSON.stringify(report, undefined, 2)] : rehearsalLines(report)) print(line);
  return 0;
};

/** The rules of a config directory, as the house would build them. */
export function rehearsalOf({ cameras, rules, tianliang, ...config }: Config): Rehearsal {
  const ground = { roads: new Roads(config.roads), areas: new Areas(config.areas) };
  return new Rehearsal({
    // Rules are rehearsed also where nothing is watched now.
    cameras: watchedCameras(cameras, 1, (given) => placeOf(ground, given)),
    watch: { minScore: tianliang.detector.score },
    sensors: sensorRulesOf(rules),
  });
}

async function* casesOf({ dataDir, options }: CommandContext, since: Date | undefined): AsyncGenerator<ReviewedCase> {
  if (options.cases !== undefined) {
    for await (const one of fileCases(options.cases)) if (!since || new Date(one.at) >= since) yield one;
    return;
  }
  await using store = await openStoreToRead(join(dataDir, 'operations.sqlite'));
  yield* reviewedCases(store.db, since);
}

function sinceOf(text: string | undefined, now: Date): Date | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined) throw new UsageError(`--since expects a time like 12h or 7d, not ${text}`);
  return new Date(now.getTime() - ms);
}

interface Exported extends AsyncDisposable {
  write(one: Parameters<typeof caseLine>[0]): Promise<unknown>;
}

/** Nothing is written over: a corpus is added to by hand. */
async function exportTo(path: string | undefined): Promise<Exported> {
  const file = path === undefined ? undefined : await created(path);
  return {
    write: async (one) => await file?.write(caseLine(one)),
    [Symbol.asyncDispose]: async () => await file?.close(),
  };
}

async function created(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (cause) {
    throw new UsageError(`--export ${path} cannot be made, or is there already`, { cause });
  }
}
