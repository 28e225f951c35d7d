import type { Static, TSchema } from 'typebox';
import { Settings } from 'typebox/system';
import { Value } from 'typebox/value';

/** One thing wrong with a value: where, and what was expected there. Never the value itself: it may be a secret. */
export interface ValueIssue {
  readonly path: readonly (string | number)[];
  /** An unknown key is pointed at itself; anything else at its value. */
  readonly at: 'key' | 'value';
  readonly message: string;
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly ValueIssue[] };

const mostIssues = 200;

/**
 * Applies defaults, converts scalars ("8080" where a number is due), checks, and names every issue at once. `isValid` is a
 * faster check by the same schema, for large values.
 */
export function checkValue<T extends TSchema>(
  schema: T,
  input: unknown,
  isValid: (value: unknown) => value is Static<T> = (value): value is Static<T> => Value.Check(schema, value),
): Checked<Static<T>> {
  const filled: unknown = Value.Default(schema, Value.Clone(input));
  if (isValid(filled)) return { ok: true, value: filled };
  const value: unknown = Value.Convert(schema, filled);
  if (isValid(value)) return { ok: true, value };
  // TypeBox stops at 8 errors by default; an engineer wants to hear of all of them.
  if (Settings.Get().maxErrors < mostIssues) Settings.Set({ maxErrors: mostIssues });
  const errors = meantErrors([...Value.Errors(schema, value)] as SchemaError[], schema, value);
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ schemaPath }) => `${schemaPath}/anyOf/`);
  const issues = errors
    .filter(({ schemaPath, keyword }) => keyword !== 'boolean' && !unions.some((union) => schemaPath.startsWith(union)))
    .flatMap((error) => issuesOf(error, subschema(schema, error)));
  return { ok: false, issues };
}

interface SchemaError {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: Record<string, unknown>;
  readonly message: string;
}

type Described = Record<string, unknown> & { readonly description?: string };

/**
 * Of a union of objects told apart by a literal (`kind: ice`), only what the member that is meant says of the value: that
 * none of them fits helps nobody.
 */
function meantErrors(errors: readonly SchemaError[], schema: TSchema, value: unknown): SchemaError[] {
  const chosen = errors
    .filter(({ keyword }) => keyword === 'anyOf')
    .flatMap((error) => {
      const members = subschema(schema, { ...error, schemaPath: `${error.schemaPath}/anyOf` });
      const meant = memberMeant(Object.values(members), valueAt(value, error.instancePath));
      return meant === undefined ? [] : [{ error, union: `${error.schemaPath}/anyOf/`, member: `${meant}/` }];
    });
  return errors.filter((error) =>
    chosen.every(({ error: whole, union, member }) => {
      if (error === whole) return false;
      const inUnion = error.schemaPath.startsWith(union) && error.instancePath.startsWith(whole.instancePath);
      return !inUnion || `${error.schemaPath.slice(union.length)}/`.startsWith(member);
    }),
  );
}

/** The one member with a literal that the value has. */
function memberMeant(members: readonly unknown[], value: unknown): number | undefined {
  if (!isObject(value)) return undefined;
  const fitting = members.flatMap((member, index) => {
    const properties = isObject(member) && isObject(member.properties) ? Object.entries(member.properties) : [];
    return properties.some(([key, of]) => isObject(of) && 'const' in of && of.const === value[key]) ? [index] : [];
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

function valueAt(value: unknown, pointer: string): unknown {
  const steps = pointer.split('/').slice(1).map(unescapePointer);
  return steps.reduce<unknown>((at, step) => (isObject(at) ? at[step] : undefined), value);
}

/** The schema that refused the value. */
function subschema(schema: TSchema, { schemaPath }: SchemaError): Described {
  const steps = schemaPath.replace(/^#\/?/, '').split('/').filter(Boolean);
  const found = steps.reduce<unknown>((at, step) => (isObject(at) ? at[unescapePointer(step)] : undefined), schema);
  return isObject(found) ? found : {};
}

function issuesOf(error: SchemaError, schema: Described): ValueIssue[] {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer).map(numberWhenIndex);
  const { params } = error;
  if (error.keyword === 'additionalProperties') {
    const known = isObject(schema.properties) ? Object.keys(schema.properties) : [];
    return strings(params.additionalProperties).map((key) => ({
      path: [...path, key],
      at: 'key',
      message: `unknown key; expected one of: ${known.join(', ')}`,
    }));
  }
  if (error.keyword === 'required')
    return strings(params.requiredProperties)
      .filter(hasNoDefault(schema))
      .map((key) => ({
        path: [...path, key],
        at: 'value',
        message: `missing; expected ${expectationOfKey(schema, key)}`,
      }));
  return [{ path, at: 'value', message: `expected ${expectation(schema, error)}` }];
}

/** In a union, defaults are filled in only once a member fits: their absence is no mistake. */
function hasNoDefault(schema: Described): (key: string) => boolean {
  const { properties } = schema;
  return (key) => !(isObject(properties) && isObject(properties[key]) && 'default' in properties[key]);
}

function expectationOfKey(schema: Described, key: string): string {
  const property = isObject(schema.properties) ? schema.properties[key] : undefined;
  return isObject(property) ? expectation(property) : 'a value';
}

function expectation(schema: Described, error?: SchemaError): string {
  if (typeof schema.description === 'string') return schema.description;
  if (Array.isArray(schema.enum)) return `one of: ${schema.enum.join(', ')}`;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.type === 'number' || schema.type === 'integer')
    return `${schema.type === 'integer' ? 'an integer' : 'a number'}${range(schema)}`;
  if (error && error.keyword !== 'type') return error.message.replace(/^must /, 'it to ');
  return typeof schema.type === 'string' ? `this to be of type ${schema.type}` : 'another value';
}

function range({ minimum, maximum }: Described): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}

const unescapePointer = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~');
const numberWhenIndex = (step: string) => (/^\d+$/.test(step) ? Number(step) : step);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
