import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Compile } from 'typebox/compile';
import { checkValue, type ValueIssue } from '../../shared/check-value.ts';
import { ConfigError, formatPath } from '../../shared/config-error.ts';
import { RehearsalCase } from './rehearsal-case.ts';

/** One line of a file of cases: JSON. */
export function caseLine(one: RehearsalCase): string {
  return `${JSON.stringify(one)}\n`;
}

/** The cases of a file, in its order. Fails with a `ConfigError` that names the first line that is none. */
export async function* fileCases(path: string): AsyncGenerator<RehearsalCase> {
  const compiled = Compile(RehearsalCase);
  const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
  let line = 0;
  for await (const text of lines) {
    line += 1;
    if (text.trim() === '') continue;
    const value = parse(text);
    if (!compiled.Check(value)) throw new ConfigError(issuesOf(value).map((issue) => located(issue, path, line)));
    yield value;
  }
}

function issuesOf(value: unknown): readonly ValueIssue[] {
  const checked = checkValue(RehearsalCase, value);
  return checked.ok ? [{ path: [], at: 'value', message: 'expected values of their own type' }] : checked.issues;
}

function located({ path, message }: ValueIssue, file: string, line: number) {
  return { file, line, column: 1, path: formatPath(path), message };
}

/** What is no JSON is no case either. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
