import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HubViewer, ViewerSink } from '../../src/streams/hub/hub-viewer.ts';
import { StreamHub } from '../../src/streams/hub/stream-hub.ts';
import type { AccessUnit } from '../../src/streams/rtp/nal.ts';
import { PictureBuffer } from '../../src/streams/rtp/picture-buffer.ts';
import { PieceMemory } from '../../src/streams/rtp/piece-memory.ts';
import { sets, slice } from './rtp/packets.ts';

const parameters = { sps: sets.h264Sps, pps: [sets.h264Pps] };
const ignore = () => undefined;
/** So large that each has a piece of its own. */
const pictureBytes = 6_000;

/** A camera whose pictures lie in memory that is used again. */
class Camera {
  readonly #buffer = new PictureBuffer(undefined, new PieceMemory());
  #sent = 0;

  picture(key: boolean): AccessUnit {
    this.#buffer.begin();
    this.#buffer.append(Buffer.concat([slice(this.#sent & 0xff, { key }), Buffer.alloc(pictureBytes, this.#sent)]));
    this.#buffer.keep();
    const piece = this.#buffer.take();
    const timestamp = (this.#sent * 3_600) >>> 0;
    this.#sent += 1;
    return { codec: 'h264', key, nals: piece.nals(), parameters, timestamp, afterLoss: false, piece };
  }
}

/** A connection that looks at what it was handed until it is flushed. */
class Connection implements ViewerSink {
  readonly #waiting: { readonly data: Buffer; readonly before: Buffer }[] = [];
  /** What was flushed and was not any more what had been handed over. */
  spoilt = 0;

  write(data: Buffer): boolean {
    this.#waiting.push({ data, before: Buffer.from(data) });
    return true;
  }

  done(): boolean {
    return this.#waiting.length === 0;
  }

  end(): void {}

  flush(): void {
    for (const { data, before } of this.#waiting.splice(0)) if (!data.equals(before)) this.spoilt += 1;
  }
}

/** The memory of eight groups of three pictures; `between` is called after each picture. */
function playGroups(hub: StreamHub, between: (index: number) => void = ignore): ArrayBufferLike[] {
  const camera = new Camera();
  const used: ArrayBufferLike[] = [];
  for (let index = 0; index < 24; index += 1) {
    const unit = camera.picture(index % 3 === 0);
    if (unit.piece) used.push(unit.piece.memory.buffer);
    hub.publish(unit);
    between(index);
  }
  return used;
}

test('the memory of pictures that everybody has is used for the next ones', () => {
  const hub = new StreamHub();
  const connection = new Connection();
  hub.view(connection, ignore);
  const used = playGroups(hub, () => connection.flush());
  // One group is kept for who comes late; the key picture that ends it is there before it goes.
  expect(new Set(used).size).toBe(4);
  expect(connection.spoilt).toBe(0);
});

test.each<[string, (hub: StreamHub) => void]>([
  ['a viewer that has not sent them all', (hub) => hub.view(new Connection(), ignore)],
  ['a viewer that cannot say', (hub) => hub.view({ write: () => true, end: ignore }, ignore)],
  ['somebody who decodes', (hub) => hub.decode(ignore)],
])('pictures are left alone because of %s', (_, somebody) => {
  const hub = new StreamHub();
  somebody(hub);
  expect(new Set(playGroups(hub)).size).toBe(24);
});

test('a group somebody took the key picture of is left alone, the others are not', () => {
  const hub = new StreamHub();
  const used = playGroups(hub, (index) => index === 10 && hub.key);
  expect(new Set(used).size).toBe(4 + 3);
});

test('what a viewer had not sent when it left is left alone', () => {
  const hub = new StreamHub();
  const connection = new Connection();
  const viewer = hub.view(connection, ignore);
  const used = playGroups(hub, (index) => {
    if (index < 10) connection.flush();
    else viewer.close('revoked');
  });
  connection.flush();
  expect([new Set(used).size, connection.spoilt]).toEqual([4 + 3, 0]);
});

/** Four connections that come and go, at one hub. */
class Room {
  readonly connections = [0, 1, 2, 3].map(() => new Connection());
  readonly #viewers = new Map<Connection, HubViewer>();
  readonly #camera = new Camera();
  readonly #hub = new StreamHub();

  readonly deeds = {
    picture: () => void this.#hub.publish(this.#camera.picture(false)),
    key: () => void this.#hub.publish(this.#camera.picture(true)),
    look: () => void this.#hub.key,
    restart: () => this.#hub.restart(),
    come: (who: Connection) => void this.#viewers.set(who, this.#hub.view(who, ignore)),
    leave: (who: Connection) => this.#viewers.get(who)?.close('revoked'),
    flush: (who: Connection) => who.flush(),
  };
}

test('whatever viewers do, none ever sends another picture than it was handed', () => {
  const deed = fc.constantFrom('picture', 'picture', 'key', 'look', 'restart', 'come', 'leave', 'flush' as const);
  fc.assert(
    fc.property(fc.array(fc.record({ deed, who: fc.nat(3) }), { maxLength: 120 }), (done) => {
      const room = new Room();
      for (const { deed, who } of done) room.deeds[deed](room.connections[who] ?? new Connection());
      for (const connection of room.connections) connection.flush();
      expect(room.connections.map(({ spoilt }) => spoilt)).toEqual([0, 0, 0, 0]);
    }),
  );
});
