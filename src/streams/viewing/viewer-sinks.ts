import type { ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import { AppError } from '../../shared/app-error.ts';
import type { HubViewer, ViewerEnd, ViewerSink } from '../hub/hub-viewer.ts';

/** Opens the viewer on the sink it is given. */
export type OpenViewer = (sink: ViewerSink) => HubViewer;

const lingerMs = 1_000;
const maxSocketBytes = 256 * 1024;
const codes: Record<ViewerEnd, number> = { left: 1000, blocked: 1008, revoked: 1008, closed: 1001 };

/**
 * Serves one viewer over HTTP until it leaves; Node's own buffer says when it takes more. When `open` throws, nothing was
 * answered yet.
 */
export function serveHttpViewer(response: ServerResponse, open: OpenViewer): HubViewer {
  // The end of the connection is the end of the stream: no chunk framing around every picture.
  response.removeHeader('Transfer-Encoding');
  const viewer = open({
    write: (data) => response.write(data),
    end: (reason) => endResponse(response, reason),
  });
  response.socket?.setTimeout(0).setNoDelay(true);
  if (!response.headersSent) response.flushHeaders();
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
export function serveSocketViewer(socket: WebSocket, open: OpenViewer): void {
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
  try {
    viewer = open({ write, end: (reason) => endSocket(socket, reason) });
  } catch (error) {
    refuseSocket(socket, error);
    return;
  }
  const opened = viewer;
  // A viewer has nothing to say; one that talks is not a viewer.
  socket.on('message', () => opened.close('revoked'));
  socket.on('error', () => opened.close('left'));
  socket.on('close', () => opened.close('left'));
}

/** 1013 is "try again later" (RFC 6455, IANA registry of close codes): the connection is made, an answer with a status is too late. */
function refuseSocket(socket: WebSocket, error: unknown): void {
  socket.on('error', () => socket.terminate());
  socket.close(1013, error instanceof AppError ? error.code : 'REFUSED');
  setTimeout(() => socket.terminate(), lingerMs).unref();
}

function endSocket(socket: WebSocket, reason: ViewerEnd): void {
  if (reason === 'blocked') {
    socket.terminate();
    return;
  }
  socket.close(codes[reason], reason);
  setTimeout(() => socket.terminate(), lingerMs).unref();
}
