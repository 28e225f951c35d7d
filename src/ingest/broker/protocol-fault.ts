/** What ends a connection without its packets being wrong, in the words of aedes. */
const ordinary = new Set([
  'keep alive timeout',
  'connect did not arrive in time',
  'drain timeout',
  'connection closed',
]);

/**
 * Whether a connection ended for what it sent. The parser throws plain errors; the network's have a code, a refused login
 * has the code it was answered with, and what our own hooks throw is of a class of its own.
 */
export function isProtocolFault(error: Error & { readonly code?: unknown; readonly returnCode?: unknown }): boolean {
  if (error.code !== undefined || error.returnCode !== undefined || error.constructor !== Error) return false;
  return !ordinary.has(error.message);
}
