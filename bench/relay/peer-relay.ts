import { createRequire } from 'node:module';
import { freePort } from '../../demo/free-port.ts';
import { programOptions, say } from '../program.ts';

/* node-media-server, RTMP in and HTTP-FLV out. Says `{ rtmp, http }`, its ports. */
interface MediaServer {
  run(): Promise<void>;
}
interface MediaServerConfig {
  readonly bind: string;
  readonly rtmp: { readonly port: number };
  readonly http: { readonly port: number };
  readonly webadmin: { readonly enable: boolean };
  readonly record: { readonly auto: boolean; readonly path: string };
  readonly store: { readonly path: string };
}

const require = createRequire(import.meta.url);
const NodeMediaServer: new (config: MediaServerConfig, path: undefined) => MediaServer = require('node-media-server');
const logger: Record<'log', () => void> = require('node-media-server/src/core/logger.js');
logger.log = () => {};

const { directory } = programOptions<{ directory: string }>();
const [rtmp, http] = [await freePort(0), await freePort(0)];
const server = new NodeMediaServer(
  {
    bind: '127.0.0.1',
    rtmp: { port: rtmp },
    http: { port: http },
    webadmin: { enable: false },
    record: { auto: false, path: `${directory}/records` },
    store: { path: `${directory}/store` },
  },
  undefined,
);
await server.run();
say({ rtmp, http });
