import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { LabelsWrong } from '../detector-errors.ts';
import { type Labels, namesIdentity } from '../labels.ts';
import { reasonOf } from './reason.ts';

const mostLabels = 10_000;
const longestName = 64;

/** Reads a model's class names. Throws LabelsWrong, which says where in the file. */
export async function readLabelFile(path: string): Promise<Labels> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new LabelsWrong(path, { line: 1, column: 1 }, `cannot be read: ${reasonOf(error)}`);
  });
  return parseLabels(path, text);
}

interface Name {
  readonly kind: number;
  readonly name: string;
  readonly line: number;
}

/**
 * One name a line, or, in a .json or .yaml file, a list or a map of numbers to names, also below `names` as YOLO writes
 * it. A class without a name is not reported.
 */
export function parseLabels(path: string, text: string): Labels {
  const isPlain = !['.json', '.yaml', '.yml'].includes(extname(path).toLowerCase());
  const names = (isPlain ? plainNames(text) : yamlNames(path, text)).filter(({ name }) => name !== '');
  if (names.length === 0) throw new LabelsWrong(path, { line: 1, column: 1 }, 'expected the names of classes');
  for (const { kind, name, line } of names) {
    const reason = wrongName(kind, name);
    if (reason !== undefined) throw new LabelsWrong(path, { line, column: 1 }, reason);
  }
  return new Map(names.map(({ kind, name }) => [kind, name]));
}

function wrongName(kind: number, name: string): string | undefined {
  if (!Number.isInteger(kind) || kind < 0 || kind >= mostLabels) return `expected classes from 0 to ${mostLabels - 1}`;
  if (name.length > longestName) return `expected a name of at most ${longestName} letters`;
  if (namesIdentity(name)) return 'names what identifies people or vehicles: such a model is refused';
  return undefined;
}

function plainNames(text: string): Name[] {
  const lines = text.trimEnd().split(/\r?\n/);
  return lines.map((line, index) => ({ kind: index, name: line.trim(), line: index + 1 }));
}

function yamlNames(path: string, text: string): Name[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new LabelsWrong(path, { line, column: col }, 'is not valid YAML or JSON');
  }
  const value: unknown = document.toJS();
  const names = typeof value === 'object' && value !== null && 'names' in value ? value.names : value;
  if (typeof names !== 'object' || names === null) return [];
  return Object.entries(names).map(([kind, name]) => ({
    kind: Number(kind),
    name: typeof name === 'string' ? name.trim() : '',
    line: lineOf(text, String(name)),
  }));
}

function lineOf(text: string, name: string): number {
  const at = text.indexOf(name);
  return at === -1 ? 1 : text.slice(0, at).split('\n').length;
}
