/** The server's one live channel, beside the page itself. */
export function liveSocket(): WebSocket {
  return new WebSocket(new URL('/ws', location.href.replace(/^http/, 'ws')));
}
