/** What a long-lived thing needs of a logger; pino's satisfies it. A constant message and an object of facts. */
export interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
  child(bindings: Record<string, unknown>): Log;
}

/** Says nothing: for tests and for commands that print their own words. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLog };
