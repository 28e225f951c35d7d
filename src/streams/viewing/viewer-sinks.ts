import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { AppError } from '../../shared/app-error.ts';
import type { HubViewer, ViewerEnd, ViewerSink } from '../hub/hub-viewer.ts';

/** Opens the viewer on the sink it is given. */
export type OpenViewer = (sink: ViewerSink) => HubViewer;

const lingerMs = 1_000;
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
    done: () => response.writableLength === 0,
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

/**
 * Serves one viewer over a WebSocket, one FLV piece a message. Messages that were made for all viewers go straight to the
 * `connection` below it, the others through `ws`; both write at once and in order, as long as nothing is compressed.
 */
export function serveSocketViewer(socket: WebSocket, connection: Socket, open: OpenViewer): void {
  const isPlain = socket.extensions === '';
  const write = (data: Buffer, message?: Buffer): boolean => {
    if (socket.readyState !== socket.OPEN) return false;
    if (message && isPlain) return connection.write(message);
    socket.send(data);
    return !connection.writableNeedDrain;
  };
  let viewer: HubViewer;
  try {
    viewer = open({ write, done: () => socket.bufferedAmount === 0, end: (reason) => endSocket(socket, reason) });
  } catch (error) {
    refuseSocket(socket, error);
    return;
  }
  connection.on('drain', () => viewer.drained());
  // A viewer has nothing to say; one that talks is not a viewer.
  socket.on('message', () => viewer.close('revoked'));
  socket.on('error', () => viewer.close('left'));
  socket.on('close', () => viewer.close('left'));
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
