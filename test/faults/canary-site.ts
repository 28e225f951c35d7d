import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../demo/free-port.ts';
import { startRtspServer } from '../../demo/simulators/rtsp-server.ts';
import { root } from '../helpers/program.ts';
import { openSmallSite } from '../helpers/small-site.ts';

/** Letters and digits that stand nowhere else. */
export const canary = (): string => `jin-si-que-${randomBytes(8).toString('hex')}`;

/** Secrets of the configuration, one of each kind, as the environment holds them. */
export const configSecrets = () => ({
  CAMERA_PASSWORD: canary(),
  PULLED_PASSWORD: canary(),
  ONVIF_PASSWORD: canary(),
  PUBLISH_KEY: canary(),
  DEVICE_PASSWORD: canary(),
  MQTT_PASSWORD: canary(),
  WEBHOOK_SECRET: canary(),
  OIDC_SECRET: canary(),
  INFLUX_TOKEN: canary(),
});
export type ConfigSecrets = ReturnType<typeof configSecrets>;

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const end = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.asyncDispose]: end };
}

/** Somebody that refuses everything and says back all it was told: headers, address and body. */
export async function startEcho() {
  const heads: string[] = [];
  const served = await serve(async (request, response) => {
    const body = (await request.toArray()).join('');
    const { method, url = '', headers } = request;
    heads.push(`${method} ${url} ${JSON.stringify(headers)} ${body}`);
    const issuer = `http://${headers.host}`;
    if (url.includes('openid-configuration')) {
      const ends = {
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
      };
      response.end(
        JSON.stringify({ issuer, ...ends, response_types_supported: ['code'], subject_types_supported: ['public'] }),
      );
      return;
    }
    const plain = Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString();
    const heard = `${JSON.stringify({ headers, url, body })} ${plain}`;
    response.writeHead(url.startsWith('/token') ? 400 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: 'invalid_client', error_description: heard, message: heard }));
  });
  return { ...served, heads };
}

/** Hands out a clip to whoever knows the password, so that a real ffmpeg of ours reads it. */
async function startPulled(password: string) {
  const clip = await readFile(join(root, 'demo/clips/traffic.mp4'));
  const login = `Basic ${Buffer.from(`operator:${password}`).toString('base64')}`;
  return await serve((request, response) => {
    const isKnown = request.headers.authorization === login;
    response.writeHead(isKnown ? 200 : 401, { 'content-type': 'video/mp4', 'www-authenticate': 'Basic realm="x"' });
    response.end(isKnown ? clip : '');
  });
}

/** A site whose every secret is a canary, on devices and houses that mostly refuse it; `mqttUrl` of a broker that is not ours. */
export async function openCanarySite(secrets: ConfigSecrets, mqttUrl?: string) {
  await using opened = new AsyncDisposableStack();
  const env = { ...secrets, TIANLIANG_LOG_LEVEL: 'trace' };
  const site = opened.use(await openSmallSite({ env }));
  const echo = opened.use(await startEcho());
  const pulled = opened.use(await startPulled(secrets.PULLED_PASSWORD));
  const streams = { '/main': { clip: join(root, 'demo/clips/traffic.mp4') } };
  const login = { username: 'operator', password: secrets.CAMERA_PASSWORD };
  const camera = opened.use(await startRtspServer({ streams, ...login }));
  const rtmpPort = await freePort(0);
  const own = await readFile(join(site.config, 'tianliang.yaml'), 'utf8');
  const broker = `mqtt: { url: "${mqttUrl}", username: tianliang, password: "\${MQTT_PASSWORD}" }\n`;
  const mqttPort = /127\.0\.0\.1, port: (\d+)/.exec(own)?.[1];
  const mqtt = mqttUrl === undefined ? own : own.replace(/^mqtt:\n.*\n/m, broker);
  const placed = mqtt.replace(/center: .*/, 'center: { lat: 27.299941, lon: 105.288428 }');
  const tianliang = `${placed.replaceAll('my-own-phone-27', '"${DEVICE_PASSWORD}"')}
video: { rtmp: { host: 127.0.0.1, port: ${rtmpPort} } }
telemetry: { store: influx, influx: { url: "${echo.url}/influx", token: "\${INFLUX_TOKEN}", org: o, bucket: b } }
channels: [{ id: ops, kind: webhook, url: "${echo.url}/hook", secret: "\${WEBHOOK_SECRET}", allow: [127.0.0.0/8] }]
access: { oidc: { issuer: "${echo.url}", clientId: tianliang, clientSecret: "\${OIDC_SECRET}", roles: {} } }
`;
  const spot = 'position: { lat: 27.299941, lon: 105.288428 }, view: { bearing: 0, angle: 360, range: 900 }';
  const zones =
    'detect: { every: 2, objects: [person], zones: [{ id: all, dwell: 3, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }] }';
  const cameras = `cameras:
  - { id: k1432-120, source: "${camera.urlOf('/main')}", username: operator, password: "\${CAMERA_PASSWORD}", record: continuous, ${spot}, ${zones} }
  - { id: wrong, source: "${camera.urlOf('/main')}", username: operator, password: "\${ONVIF_PASSWORD}" }
  - { id: pulled, source: "${pulled.url}/a.mp4", username: operator, password: "\${PULLED_PASSWORD}" }
  - { id: onvif, source: "${echo.url.replace('http', 'onvif')}/", username: operator, password: "\${ONVIF_PASSWORD}" }
  - { id: drone, source: rtmp, publishKey: "\${PUBLISH_KEY}" }
`;
  await writeFile(join(site.config, 'tianliang.yaml'), tianliang);
  await writeFile(join(site.config, 'cameras.yaml'), cameras);
  const left = opened.move();
  const ownBroker = `mqtt://127.0.0.1:${mqttPort}`;
  return { ...site, echo, cameras, rtmpPort, mqttUrl: ownBroker, [Symbol.asyncDispose]: () => left.disposeAsync() };
}

/** As it stands, and as headers, bodies and dumps write it. */
export function spellings(secret: string): string[] {
  const bytes = [Buffer.from(secret), Buffer.from(`operator:${secret}`), Buffer.from(`tianliang:${secret}`)];
  return [
    secret,
    encodeURIComponent(secret),
    ...bytes.flatMap((one) => [one.toString('hex'), one.toString('base64url').slice(0, -2)]),
  ];
}
