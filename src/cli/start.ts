import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDemoAccounts } from '../access/demo-accounts.ts';
import type { App } from '../app.ts';
import { type Config, configFiles } from '../config.ts';
import { loadConfigApart, loadConfigAtStart } from '../config-thread.ts';
import { ConfigWatch } from '../config-watch.ts';
import { forbidCoreFiles } from '../shared/core-files.ts';
import { ffmpegCandidates, findFfmpeg } from '../streams/ffmpeg.ts';
import type { Command, CommandContext } from './command.ts';
import { lockDirectory } from './directory-lock.ts';

const root = join(import.meta.dirname, '../..');
const closeDeadlineMs = 10_000;

/** Runs the command center until it is told to stop. Exit code 0 after an orderly end. */
export const start: Command = async (context) => {
  const { configDir, dataDir, environment, signal, print } = context;
  const since = new Date();
  await forbidCoreFiles().catch(() =>
    print('A crash may leave a core file, which holds secrets: run it with ulimit -c 0.'),
  );
  const config = await loadConfigAtStart(configDir, environment);
  await mkdir(dataDir, { recursive: true });
  using _lock = lockDirectory(dataDir);
  // Not before: a wrong file is refused at once, and loading all the rest takes a second or two.
  const { createApp } = await import('../app.ts');
  const app = await createApp(await appOptions(context, config));
  const watch = watchConfig(app, context, since);
  try {
    await app.http.ready();
    await addDemoAccounts(app, context);
    const address = await listen(app, context, config);
    await watch?.start();
    print(`Tianliang is ready at ${address}`);
    await ended(signal);
  } finally {
    await watch?.close();
    await closeWithin(app, closeDeadlineMs);
  }
  return 0;
};

async function appOptions({ configDir, dataDir, environment }: CommandContext, config: Config) {
  const { tls } = config.tianliang.server;
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return {
    config,
    readConfig: () => loadConfigApart(configDir, environment),
    dataDir,
    version,
    ffmpegPath: await findFfmpeg(ffmpegCandidates(environment.FFMPEG_PATH)),
    wall: join(root, 'web/dist'),
    logLevel: environment.TIANLIANG_LOG_LEVEL ?? 'info',
    ...(tls && { tls: { cert: await readFile(tls.cert), key: await readFile(tls.key) } }),
  };
}

/** `--watch no` leaves it to `cameras apply` when a change of the files takes effect. */
function watchConfig({ running, http }: App, { configDir, options }: CommandContext, since: Date) {
  if (options.watch === 'no') return undefined;
  return new ConfigWatch({
    dir: configDir,
    files: () => [...configFiles, ...running.config.include],
    changed: () => running.reload(),
    since,
    log: http.log.child({ slice: 'config' }),
  });
}

async function listen({ http }: App, { port, host }: CommandContext, { tianliang }: Config): Promise<string> {
  const { server } = tianliang;
  return await http.listen({ port: port ?? server.port, host: host ?? server.host });
}

/** `npm run demo` asks for its accounts this way; nobody else has default accounts. */
async function addDemoAccounts({ access }: App, { environment }: CommandContext): Promise<void> {
  const { TIANLIANG_DEMO_ACCOUNTS, TIANLIANG_DEMO_PASSWORD } = environment;
  if (TIANLIANG_DEMO_ACCOUNTS === '1' && TIANLIANG_DEMO_PASSWORD)
    await ensureDemoAccounts(access, TIANLIANG_DEMO_PASSWORD);
}

function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** What does not end in time is left to the kernel: a stop must never hang. */
async function closeWithin({ http }: App, deadlineMs: number): Promise<void> {
  const late = AbortSignal.timeout(deadlineMs);
  await Promise.race([http.close(), ended(late)]);
}
