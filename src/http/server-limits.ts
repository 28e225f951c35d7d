/** Options of the HTTP server that keep slow and greedy clients from the others (F16, T31). */
export const serverLimits = {
  /** From the first byte of a request to its last. */
  requestTimeout: 10_000,
  /** A socket without a byte either way; an upgraded one is kept alive by its own pings. */
  connectionTimeout: 30_000,
  keepAliveTimeout: 20_000,
  bodyLimit: 1_048_576,
  maxRequestsPerSocket: 1_000,
  // A browser opens sockets it may never use; a stop does not wait for them.
  forceCloseConnections: true,
  routerOptions: { maxParamLength: 256 },
  /** JSON that would reach into prototypes is refused, not cleaned. */
  onProtoPoisoning: 'error',
  onConstructorPoisoning: 'error',
} as const;
