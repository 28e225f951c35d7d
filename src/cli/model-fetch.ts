import { stdout } from 'node:process';
import { type ListedModel, listedModels } from '../alerts/detection/models/listed-models.ts';
import { modelSource } from '../alerts/detection/models/model-source.ts';
import { type Fetching, ModelStore } from '../alerts/detection/models/model-store.ts';
import { type Command, UsageError } from './command.ts';
import { megabytes, modelLines } from './model-list.ts';

/** Fetches a listed model, or one at a URL, below the data directory; a fetch that broke off goes on where it ended. */
export const modelFetch: Command = async ({ words, dataDir, configDir, signal, print }) => {
  const [name] = words;
  if (name === undefined) throw new UsageError(`model fetch expects a URL or one of: ${namesOfAll()}`);
  const source = modelSource(name, configDir);
  if (source.type === 'file') throw new UsageError(`there is no listed model ${name}; there are: ${namesOfAll()}`);
  const store = new ModelStore(dataDir);
  const fetching: Fetching = { signal, progress: progressBar(print) };
  if (source.type === 'url') {
    const path = await store.fetchUrl(source.url, fetching);
    print(`fetched: ${path}; name the URL as detector.model in tianliang.yaml`);
    return 0;
  }
  return await fetchListed(store, source.model, { ...fetching, print });
};

async function fetchListed(
  store: ModelStore,
  model: ListedModel,
  { print, ...fetching }: Fetching & { readonly print: (line: string) => void },
): Promise<number> {
  for (const line of modelLines(model, false)) print(line);
  const path = await store.fetchListed(model, fetching);
  print(`every hash is right: ${path}; write detector: {model: ${model.name}} in tianliang.yaml`);
  return 0;
}

const namesOfAll = () => listedModels.map(({ name }) => name).join(', ');

/** A bar that moves on a terminal, and a line for every tenth where there is none. */
function progressBar(print: (line: string) => void): NonNullable<Fetching['progress']> {
  const steps = stdout.isTTY ? 100 : 10;
  let told = -1;
  const tell = (bytes: number, of: number | undefined) => {
    if (!stdout.isTTY) print(barOf(bytes, of));
    else stdout.write(`\r${barOf(bytes, of)}${bytes === of ? '\n' : ''}`);
  };
  return (bytes, of) => {
    const step = Math.floor((bytes / (of ?? 100_000_000)) * steps);
    if (step !== told) tell(bytes, of);
    told = step;
  };
}

/** `[##########..........]  50 %  6.0 MB of 12.0 MB`. */
export function barOf(bytes: number, of: number | undefined): string {
  if (of === undefined || of === 0) return `${megabytes(bytes)}`;
  const share = Math.min(1, bytes / of);
  const full = Math.floor(share * 20);
  const percent = `${Math.floor(share * 100)}`.padStart(3);
  return `[${'#'.repeat(full)}${'.'.repeat(20 - full)}] ${percent} %  ${megabytes(bytes)} of ${megabytes(of)}`;
}
