import type { TextField, YesField } from './decoder-config.ts';
import { readPointer, valueAt } from './json-pointer.ts';

/** Undefined where the payload says nothing of it. What YAML read as `true` and a device sends as `"true"` is the same. */
export function compileYes(field: YesField | undefined): (document: unknown) => boolean | undefined {
  if (!field) return () => undefined;
  const steps = readPointer(field.pointer);
  const yes = String(field.is);
  return (document) => {
    const value = valueAt(document, steps);
    return value === undefined || value === null ? undefined : String(value) === yes;
  };
}

export function compileText(field: TextField | undefined): (document: unknown) => string | undefined {
  if (!field) return () => undefined;
  const steps = readPointer(field.pointer);
  return (document) => {
    const value = valueAt(document, steps);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
}
