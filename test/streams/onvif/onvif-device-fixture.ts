import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type OnvifDeviceOptions, startOnvifDevice } from '../../../demo/simulators/onvif-device.ts';
import { OnvifCamera } from '../../../src/streams/onvif/onvif-camera.ts';

export const account = { username: 'operator', password: 'p&ss <1>' };

const video = { codec: 'h264', fps: 25, bitrateKbps: 2_000 } as const;
export const profiles = [
  { token: 'sub 1', name: 'sub', width: 640, height: 360, rtspUrl: 'rtsp://127.0.0.1:8554/sub?a=1&b=2', ...video },
  { token: 'main"1', name: 'main', width: 1280, height: 720, rtspUrl: 'rtsp://127.0.0.1:8554/main?a=1&b=2', ...video },
];

export const startDevice = (options: Partial<OnvifDeviceOptions> = {}) =>
  startOnvifDevice({ ...account, profiles, ...options });

export const cameraOf = ({ xaddr }: { xaddr: string }, credentials = account, deadlineMs = 5_000) =>
  new OnvifCamera({ address: new URL(xaddr), credentials, deadlineMs });

/** A listener that nobody has any business with: it counts who comes all the same. */
export async function startCanary() {
  let visits = 0;
  const server = createServer((socket) => {
    visits += 1;
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    visits: () => visits,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
