import type { Socket } from 'node:net';
import type { MediaPacket, PublishRequest, RtmpEngine } from './media-server.ts';
import { packetKind } from './packet-kind.ts';
import { type AdmittedPublisher, admit, type Refusal } from './publishers.ts';
import { PushConnection } from './push-connection.ts';
import { encodeFrame, type FrameKind } from './relay-frame.ts';

/** What the parent asks of the child, a line of JSON each. */
export type RelayCommand =
  | { readonly type: 'publishers'; readonly publishers: readonly AdmittedPublisher[] }
  /** Tags of this camera are wanted from now on, or not. */
  | { readonly type: 'want'; readonly camera: string; readonly wanted: boolean };

/** Where frames for the parent go; `backlogBytes` is what the parent has not read yet. */
export interface RelayOutput {
  readonly backlogBytes: number;
  write(frame: Buffer): void;
}

/** More than this unread and pictures are left out until the next key picture. */
const maxBacklogBytes = 4 * 1024 * 1024;
const spareConnections = 32;

interface Push {
  readonly connection: PushConnection;
  videoHeader: Buffer | undefined;
  soundHeader: Buffer | undefined;
  /** Nothing of it goes to the parent before the next key picture. */
  waitsForKey: boolean;
}

/** All that is pushed to this process: who may, what of it is wanted, and what the parent cannot take in time. */
export class PushDesk {
  readonly #Engine: new () => RtmpEngine;
  readonly #output: RelayOutput;
  readonly #connections = new Set<PushConnection>();
  readonly #pushes = new Map<string, Push>();
  readonly #wanted = new Set<string>();
  #publishers: ReadonlyMap<string, string> = new Map();

  constructor(Engine: new () => RtmpEngine, output: RelayOutput) {
    this.#Engine = Engine;
    this.#output = output;
  }

  /** A new connection; one too many is closed at once. */
  accept(socket: Socket): void {
    if (this.#connections.size >= this.#publishers.size + spareConnections) {
      socket.destroy();
      return;
    }
    const ports = {
      admit: (connection: PushConnection, request: PublishRequest) => this.#admit(connection, request),
      packet: (connection: PushConnection, packet: MediaPacket) => this.#packet(connection, packet),
      ended: (connection: PushConnection) => this.#ended(connection),
    };
    this.#connections.add(new PushConnection(socket, new this.#Engine(), ports));
  }

  obey(command: RelayCommand): void {
    if (command.type === 'publishers') this.#setPublishers(command.publishers);
    else if (command.wanted) this.#want(command.camera);
    else this.#wanted.delete(command.camera);
  }

  /** A camera that is gone, or has another key now, is cut off. */
  #setPublishers(publishers: readonly AdmittedPublisher[]): void {
    const before = this.#publishers;
    this.#publishers = new Map(publishers.map(({ camera, keyDigest }) => [camera, keyDigest]));
    for (const [camera, { connection }] of this.#pushes)
      if (this.#publishers.get(camera) !== before.get(camera)) connection.cut();
  }

  #want(camera: string): void {
    this.#wanted.add(camera);
    const push = this.#pushes.get(camera);
    if (push) push.waitsForKey = true;
  }

  #admit(connection: PushConnection, { app, name, query }: PublishRequest): Refusal | undefined {
    const verdict = admit(
      this.#publishers,
      { app, name, key: query.key },
      (camera) => this.#pushes.get(camera)?.connection,
    );
    if ('refused' in verdict) {
      this.#say('refused', '', [Buffer.from(JSON.stringify(verdict))]);
      return verdict.refused;
    }
    this.#pushes.get(verdict.camera)?.connection.cut();
    this.#pushes.set(verdict.camera, { connection, videoHeader: undefined, soundHeader: undefined, waitsForKey: true });
    this.#say('began', verdict.camera);
    return undefined;
  }

  #ended(connection: PushConnection): void {
    this.#connections.delete(connection);
    const camera = this.#cameraOf(connection);
    if (camera === undefined) return;
    this.#pushes.delete(camera);
    this.#say('ended', camera);
  }

  #cameraOf(connection: PushConnection): string | undefined {
    for (const [camera, push] of this.#pushes) if (push.connection === connection) return camera;
    return undefined;
  }

  #packet(connection: PushConnection, packet: MediaPacket): void {
    const camera = this.#cameraOf(connection);
    const push = camera === undefined ? undefined : this.#pushes.get(camera);
    if (camera === undefined || !push) return;
    const kind = packetKind(packet);
    if (kind === 'video header') push.videoHeader = tagPayload(packet);
    if (kind === 'sound header') push.soundHeader = tagPayload(packet);
    if (kind === 'data' || !this.#wanted.has(camera)) return;
    const late = this.#output.backlogBytes > maxBacklogBytes;
    if (push.waitsForKey && kind === 'key' && !late) this.#resume(camera, push);
    push.waitsForKey ||= late;
    if (!push.waitsForKey) this.#say('tag', camera, [tagPayload(packet)]);
  }

  /** What a reader needs before a key picture, whatever it has seen before. */
  #resume(camera: string, push: Push): void {
    push.waitsForKey = false;
    this.#say('lost', camera);
    for (const header of [push.soundHeader, push.videoHeader]) if (header) this.#say('tag', camera, [header]);
  }

  #say(kind: FrameKind, camera: string, payload: readonly Buffer[] = []): void {
    this.#output.write(encodeFrame(kind, camera, payload));
  }
}

/** Type, time in milliseconds (32 bit), body; copied, since the engine writes the next message over it. */
function tagPayload({ codec_type, dts, data, size }: MediaPacket): Buffer {
  const payload = Buffer.allocUnsafe(5 + size);
  payload.writeUInt8(codec_type & 0xff, 0);
  payload.writeUInt32BE(dts >>> 0, 1);
  data.copy(payload, 5, 0, size);
  return payload;
}
