import { createRequire } from 'node:module';

/** A message with sound (8), video (9) or data, as the engine hands it out. `data` is written over by the next. */
export interface MediaPacket {
  readonly codec_type: number;
  readonly dts: number;
  readonly size: number;
  readonly data: Buffer;
}

/** What a publisher names: rtmp://HOST/APP/NAME?QUERY. None of it is checked by the engine. */
export interface PublishRequest {
  readonly app: unknown;
  readonly name: unknown;
  readonly query: Readonly<Record<string, unknown>>;
}

/** The RTMP engine of node-media-server for one connection: handshake, chunks, commands. It throws on much that is malformed. */
export interface RtmpEngine {
  onConnectCallback: (request: PublishRequest) => void;
  onPlayCallback: () => void;
  onPushCallback: () => void;
  onPacketCallback: (packet: MediaPacket) => void;
  onOutputCallback: (bytes: Buffer) => void;
  /** Says yes to a publisher; the engine calls it before anybody was asked. */
  respondPublish: () => void;
  packetAlloc: () => void;
  readonly parserPacket: { readonly header: { readonly length: number } };
  readonly inPackets: ReadonlyMap<number, unknown>;
  readonly streamId: number;
  parserData(bytes: Buffer): string | null;
  sendStatusMessage(streamId: number, level: string, code: string, description?: string): void;
}

/**
 * Only node-media-server's RTMP engine is loaded: its server, HTTP side, player, recorder, store and web pages are not, so
 * none of them can be reached or can end the process.
 */
export function loadEngine(): new () => RtmpEngine {
  const require = createRequire(import.meta.url);
  const logger: { log: unknown } = require('node-media-server/src/core/logger.js');
  logger.log = () => undefined;
  const engine: new () => RtmpEngine = require('node-media-server/src/protocol/rtmp.js');
  return engine;
}
