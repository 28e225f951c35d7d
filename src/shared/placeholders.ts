export type Environment = Readonly<Record<string, string | undefined>>;

const placeholder = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The text with each `${NAME}` filled in, and the names that are not set: those stay as they stand. */
export function fillPlaceholders(
  text: string,
  environment: Environment,
): { readonly text: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const filled = text.replace(placeholder, (whole, name: string) => {
    const value = environment[name];
    if (value === undefined) missing.push(name);
    return value ?? whole;
  });
  return { text: filled, missing };
}

export const notSet = (name: string) => `the environment variable ${name} is not set`;
