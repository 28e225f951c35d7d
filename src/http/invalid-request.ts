import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { AppError } from '../shared/app-error.ts';
import { checkValue, type ValueIssue } from '../shared/check-value.ts';

/** One field of a request and what was expected there; never what was sent. */
export interface FieldProblem {
  readonly field: string;
  readonly expected: string;
}

/** The request does not have the shape its route asks for. */
export class InvalidRequestError extends AppError {
  readonly code = 'INVALID_REQUEST';
  override readonly statusCode = 400;
  readonly errors: readonly FieldProblem[];

  constructor(errors: readonly FieldProblem[]) {
    super(errors.map(({ field, expected }) => `${field}: ${expected}`).join('; '));
    this.errors = errors;
  }
}

export type Validated<T> = { readonly value: T } | { readonly error: InvalidRequestError };

const mostProblems = 20;

function problemOf(part: string, { path, message }: ValueIssue): FieldProblem {
  return { field: [part === 'querystring' ? 'query' : part, ...path].join('.'), expected: message };
}

/** Fills defaults, converts what a URL or a header can only say as text, and checks one part of a request. */
export function requestValidator<T extends TSchema>(schema: T, part: string): (input: unknown) => Validated<Static<T>> {
  const compiled = Compile(schema);
  return (input) => {
    const filled = Value.Default(schema, Value.Clone(input));
    const value: unknown = part === 'body' ? filled : Value.Convert(schema, filled);
    if (compiled.Check(value)) return { value };
    const checked = checkValue(schema, input);
    const issues = checked.ok ? [] : checked.issues.slice(0, mostProblems);
    if (issues.length > 0) return { error: new InvalidRequestError(issues.map((issue) => problemOf(part, issue))) };
    return {
      error: new InvalidRequestError([{ field: part, expected: 'JSON of the right types, not text in their place' }]),
    };
  };
}
