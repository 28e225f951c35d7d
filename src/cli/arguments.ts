import { parseArgs } from 'node:util';
import { UsageError } from './command.ts';

export interface Arguments {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | undefined>>;
  /** Options that may stand several times. */
  readonly lists: Readonly<Record<string, readonly string[] | undefined>>;
  /** Options without a value. */
  readonly flags: Readonly<Record<string, boolean | undefined>>;
}

const named = [
  'config',
  'data',
  'port',
  'host',
  'role',
  'areas',
  'unit',
  'timeout',
  'url',
  'watch',
  'topic',
  'payload',
  'device',
  'file',
  'datum',
  'size',
  'since',
  'export',
  'cases',
  'heads',
  'key',
  'ledger-key',
  'name',
  'days',
  'kind',
  'area',
  'severity',
  'visibility',
  'at',
  'date',
  'format',
] as const;
const options = Object.fromEntries(named.map((name) => [name, { type: 'string' } as const]));
const lists = { pair: { type: 'string', multiple: true } } as const;
const flags = { json: { type: 'boolean' } } as const;

/** Splits the words from the `--name value` options; an unknown option is refused by name. */
export function readArguments(argv: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { ...options, ...lists, ...flags },
      allowPositionals: true,
    });
    const { pair, json, ...single } = values;
    return { words: positionals, options: single, lists: { pair }, flags: { json } };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** A TCP port, 0 for any free one. */
export function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--port expects 0 to 65535, not ${text}`);
  return port;
}
