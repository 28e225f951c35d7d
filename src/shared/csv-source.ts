import type { ValueIssue } from './check-value.ts';
import { type ConfigIssue, formatPath } from './config-error.ts';
import { type Cell, CsvSyntaxError, csvRows, type Row } from './csv-rows.ts';
import { type Environment, fillPlaceholders, notSet } from './placeholders.ts';

type Path = readonly (string | number)[];

/** What a column means: where its cells go in an entry, and how they are read; an empty cell is left out. */
export interface CsvColumn {
  readonly path: readonly string[];
  readonly read?: (text: string) => unknown;
}

export interface CsvShape {
  /** The key of the list that the rows become. */
  readonly list: string;
  readonly columns: Readonly<Record<string, CsvColumn>>;
}

/** A table whose first row names its columns, read as the list it stands for; it knows where each value stood. */
export class CsvSource {
  readonly file: string;
  readonly value: unknown;
  readonly readable: boolean;
  readonly #shape: CsvShape;
  readonly #issues: ConfigIssue[] = [];
  #header: Row = [];
  #rows: readonly Row[] = [];

  constructor(file: string, text: string, { environment, shape }: { environment: Environment; shape: CsvShape }) {
    this.file = file;
    this.#shape = shape;
    this.readable = this.#parse(text);
    this.value = { [shape.list]: this.#rows.map((row) => this.#entry(row, environment)) };
  }

  /** What is wrong before any schema is asked: quotation marks, unknown columns, `${NAME}` that is not set. */
  get issues(): readonly ConfigIssue[] {
    return this.#issues;
  }

  /** The issue with the place of the cell; one that is about no cell points at its row. */
  locate({ path, message }: ValueIssue): ConfigIssue {
    const { line, column } = this.#cellOf(path) ?? { line: 1, column: 1 };
    return { file: this.file, line, column, path: formatPath(path), message };
  }

  #parse(text: string): boolean {
    try {
      if (text.includes('\uFFFD'))
        throw new CsvSyntaxError('expected UTF-8; save it as "CSV UTF-8"', { line: 1, column: 1 });
      const [header = [], ...rows] = csvRows(text);
      this.#header = header;
      this.#rows = rows;
    } catch (error) {
      if (!(error instanceof CsvSyntaxError)) throw error;
      this.#refuse(error, error.message);
      return false;
    }
    const known = Object.keys(this.#shape.columns);
    for (const cell of this.#header.filter(({ text }) => !known.includes(text)))
      this.#refuse(cell, `unknown column; expected some of: ${known.join(', ')}`);
    for (const row of this.#rows) {
      const extra = row[this.#header.length];
      if (extra) this.#refuse(extra, `expected ${this.#header.length} cells, as many as the first row names`);
    }
    return this.#issues.length === 0;
  }

  #entry(row: Row, environment: Environment): object {
    const entry: Record<string, unknown> = {};
    this.#header.forEach(({ text: name }, index) => {
      const column = this.#shape.columns[name];
      const cell = row[index];
      if (!column || !cell || cell.text === '') return;
      const { text, missing } = fillPlaceholders(cell.text, environment);
      for (const variable of missing) this.#refuse(cell, notSet(variable));
      put(entry, column.path, column.read ? column.read(text) : text);
    });
    return entry;
  }

  #cellOf([list, index, ...inner]: Path): Omit<Cell, 'text'> | undefined {
    const row = list === this.#shape.list && typeof index === 'number' ? this.#rows[index] : undefined;
    const column = this.#header.findIndex(({ text }) => isWithin(inner, this.#shape.columns[text]?.path));
    return row?.[column] ?? row?.[0];
  }

  #refuse({ line, column }: Omit<Cell, 'text'>, message: string): void {
    this.#issues.push({ file: this.file, line, column, path: '', message });
  }
}

/** An issue about a part of a cell's value, or about what holds it, is the cell's. */
function isWithin(inner: Path, path: readonly string[] | undefined): boolean {
  if (!path || inner.length === 0) return false;
  const length = Math.min(inner.length, path.length);
  return path.slice(0, length).every((step, index) => step === inner[index]);
}

function put(entry: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    entry[key] = value;
    return;
  }
  const inner = entry[key];
  const within: Record<string, unknown> = isRecord(inner) ? inner : {};
  entry[key] = within;
  put(within, rest, value);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
