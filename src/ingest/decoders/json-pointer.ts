/** A JSON pointer (RFC 6901) taken apart; the empty one is the whole document. */
export type JsonPointer = readonly string[];

/** What `readPointer` takes. */
export const pointerPattern = '^(/([^~/]|~[01])*)*$';

export function readPointer(text: string): JsonPointer {
  return text
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

const arrayIndex = /^(0|[1-9]\d*)$/;

/** What stands there; undefined when nothing does. Only what the document itself says: no `constructor`, no `length`. */
export function valueAt(document: unknown, pointer: JsonPointer): unknown {
  let value = document;
  for (const step of pointer) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    if (Array.isArray(value) && !arrayIndex.test(step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

/** A key as a step of a pointer. */
export function pointerStep(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
