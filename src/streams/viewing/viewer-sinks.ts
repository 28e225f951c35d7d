import type { ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import type { HubViewer, ViewerEnd, ViewerSink } from '../hub/hub-viewer.ts';

/** Opens the viewer on the sink it is given. */
export type OpenViewer = (sink: ViewerSink) => HubViewer;

const lingerMs = 1_000;
const maxSocketBytes = 256 * 1024;
const codes: Record<ViewerEnd, number> = { left: 1000, blocked: 1008, revoked: 1008, closed: 1001 };

/** Serves one viewer over HTTP until it leaves; Node's own buffer says when it takes more. */
export function serveHttpViewer(response: ServerResponse, open: OpenViewer): HubViewer {
  response.socket?.setTimeout(0).setNoDelay(true);
  // The end of the connection is the end of the stream: no chunk framing around every picture.
  response.removeHeader('Transfer-Encoding');
  response.flushHeaders();
  const viewer = open({
    write: (data) => response.write(data),
    end: (reason) => endResponse(response, reason),
  });
  response.on('drain', () => viewer.drained());
  response.on('error', () => viewer.close('left'));
  response.on('close', () => viewer.close('left'));
  return viewer;
}

/** A viewer that does not read would never see a polite end. */
function endResponse(response: ServerResponse, reason: ViewerEnd): void {
  if (reason !== 'closed') {
    response.destroy();
    return;
  }
  response.end();
  setTimeout(() => response.destroy(), lingerMs).unref();
}

/** Serves one viewer over a WebSocket, one FLV piece a message; it takes more while little of it is still unsent. */
export function serveSocketViewer(socket: WebSocket, open: OpenViewer): HubViewer {
  let viewer: HubViewer | undefined;
  const sent = () => {
    if (socket.bufferedAmount < maxSocketBytes) viewer?.drained();
  };
  const write = (data: Buffer): boolean => {
    if (socket.readyState !== socket.OPEN) return false;
    const full = socket.bufferedAmount + data.length >= maxSocketBytes;
    socket.send(data, full ? sent : undefined);
    return !full;
  };
  viewer = open({ write, end: (reason) => endSocket(socket, reason) });
  // A viewer has nothing to say; one that talks is not a viewer.
  socket.on('message', () => viewer.close('revoked'));
  socket.on('error', () => viewer.close('left'));
  socket.on('close', () => viewer.close('left'));
  return viewer;
}

function endSocket(socket: WebSocket, reason: ViewerEnd): void {
  if (reason === 'blocked') {
    socket.terminate();
    return;
  }
  socket.close(codes[reason], reason);
  setTimeout(() => socket.terminate(), lingerMs).unref();
}
