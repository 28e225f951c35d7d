import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { checkValue, type ValueIssue } from './check-value.ts';
import { ConfigError, type ConfigIssue } from './config-error.ts';
import { type CsvShape, CsvSource } from './csv-source.ts';
import type { Environment } from './placeholders.ts';
import { repeatedIds } from './repeated-ids.ts';
import { YamlSource } from './yaml-source.ts';

export interface ConfigFile<T extends TSchema> {
  /** Relative to the config directory. */
  readonly name: string;
  readonly schema: T;
  /** What no schema can say, like ids that must be unique. */
  readonly also?: (value: Static<T>) => readonly ValueIssue[];
  /** The text of the file when there is none; by default an empty one. */
  readonly absent?: string;
  /** How a file that ends in `.csv` is read; without it such a file is YAML like any other. */
  readonly csv?: CsvShape;
}

/** Above so many letters a schema is compiled first: it checks thousands of entries in the time it takes. */
const longText = 100_000;

/** Reads the files of one config directory and gathers what is wrong in all of them, to say it at once. */
export class ConfigReader {
  readonly #dir: string;
  readonly #environment: Environment;
  readonly #issues: ConfigIssue[] = [];
  readonly #sources = new Map<string, YamlSource | CsvSource>();

  constructor(dir: string, environment: Environment) {
    this.#dir = dir;
    this.#environment = environment;
  }

  /** The checked value; `undefined` when anything in the file is wrong. A file may be absent. */
  async read<T extends TSchema>({
    name,
    schema,
    also,
    absent = '',
    csv,
  }: ConfigFile<T>): Promise<Static<T> | undefined> {
    const file = join(this.#dir, name);
    const text = await this.#text(file, absent);
    const environment = this.#environment;
    const isCsv = csv !== undefined && name.toLowerCase().endsWith('.csv');
    const source = isCsv
      ? new CsvSource(file, text, { environment, shape: csv })
      : new YamlSource(file, text, environment);
    this.#sources.set(name, source);
    if (!source.readable) return this.#refuse(source.issues);
    const compiled = text.length > longText ? Compile(schema) : undefined;
    const checked = checkValue(schema, source.value, compiled && ((value) => compiled.Check(value)));
    const wrong = checked.ok ? (also?.(checked.value) ?? []) : [...checked.issues, ...repeatedIds(source.value)];
    const issues = [...source.issues, ...wrong.map((issue) => source.locate(issue)).filter(besides(source.issues))];
    if (issues.length > 0) return this.#refuse(issues);
    return checked.ok ? checked.value : undefined;
  }

  /** Where in a file that was read something stands. */
  locate(name: string, issue: ValueIssue): ConfigIssue {
    const nowhere = { file: join(this.#dir, name), line: 1, column: 1, path: '', message: issue.message };
    return this.#sources.get(name)?.locate(issue) ?? nowhere;
  }

  /** Notes an issue that shows only when files are put together. */
  refuse(issue: Omit<ConfigIssue, 'line' | 'column'>): void {
    this.#refuse([{ ...issue, file: join(this.#dir, issue.file), line: 1, column: 1 }]);
  }

  /** Throws a `ConfigError` with every issue noted so far, in the order of the files and lines. */
  throwIfWrong(): void {
    if (this.#issues.length > 0) throw new ConfigError(this.#issues.toSorted(byPlace));
  }

  async #text(file: string, absent: string): Promise<string> {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return absent;
      this.#refuse([{ file, line: 1, column: 1, path: '', message: 'cannot be read' }]);
      return '';
    }
  }

  #refuse(issues: readonly ConfigIssue[]): undefined {
    this.#issues.push(...issues);
  }
}

/** A value whose variable is not set is wrong for that reason alone. */
function besides(said: readonly ConfigIssue[]): (issue: ConfigIssue) => boolean {
  const places = new Set(said.map(({ line, column }) => `${line}:${column}`));
  return ({ line, column }) => !places.has(`${line}:${column}`);
}

function byPlace(a: ConfigIssue, b: ConfigIssue): number {
  return a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column;
}
