import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { ValueIssue } from './check-value.ts';
import { type ConfigIssue, formatPath } from './config-error.ts';
import { type Environment, fillPlaceholders, notSet } from './placeholders.ts';

type Path = readonly (string | number)[];

/** A YAML (or JSON) file that still knows where each value stood, so that an error can name its line and column. */
export class YamlSource {
  readonly file: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #issues: ConfigIssue[];

  constructor(file: string, text: string, environment: Environment) {
    this.file = file;
    this.#lines = new LineCounter();
    this.#document = parseDocument(text, { lineCounter: this.#lines, uniqueKeys: true });
    this.#issues = [...this.#syntaxIssues(), ...this.#fillPlaceholders(environment)];
  }

  /** What is wrong before any schema is asked: syntax, duplicate keys, `${NAME}` that is not set. */
  get issues(): readonly ConfigIssue[] {
    return this.#issues;
  }

  /** False when it is not YAML: then nobody can say what its value would be. */
  get readable(): boolean {
    return this.#document.errors.length === 0;
  }

  /** The plain value with `${NAME}` filled in; an empty file is an empty object. */
  get value(): unknown {
    return this.#document.toJS() ?? {};
  }

  /** The issue with the place where it stands. */
  locate({ path, at, message }: ValueIssue): ConfigIssue {
    return { file: this.file, ...this.#position(path, at), path: formatPath(path), message };
  }

  #syntaxIssues(): ConfigIssue[] {
    return this.#document.errors.map(({ pos, message }) => ({
      file: this.file,
      ...this.#at(pos[0]),
      path: '',
      // The library's message goes on with an excerpt of the file, which may hold a secret.
      message: message.split(/ at line \d+/)[0] ?? 'not valid YAML',
    }));
  }

  #fillPlaceholders(environment: Environment): ConfigIssue[] {
    const issues: ConfigIssue[] = [];
    visit(this.#document, {
      Scalar: (key, node) => {
        if (key === 'key' || typeof node.value !== 'string') return;
        const { text, missing } = fillPlaceholders(node.value, environment);
        node.value = text;
        for (const name of missing)
          issues.push({ file: this.file, ...this.#at(node.range?.[0] ?? 0), path: '', message: notSet(name) });
      },
    });
    return issues;
  }

  /** The node itself, or the nearest thing around it that exists. */
  #position(path: Path, at: 'key' | 'value'): { line: number; column: number } {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const offset = this.#offset(path.slice(0, depth), at);
      if (offset !== undefined) return this.#at(offset);
    }
    return { line: 1, column: 1 };
  }

  #offset(path: Path, at: 'key' | 'value'): number | undefined {
    const parent = this.#document.getIn(path.slice(0, -1), true);
    const key = path.at(-1);
    if (at === 'key' && isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (isNode(pair?.key)) return pair.key.range?.[0];
    }
    const node = this.#document.getIn(path, true);
    return isNode(node) ? node.range?.[0] : undefined;
  }

  #at(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line, column: col };
  }
}
