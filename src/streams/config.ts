import { type Static, Type } from 'typebox';
import { WrittenPoint } from '../gis/datum.ts';
import { StakeMark } from '../gis/stake.ts';
import { DetectEntry } from './detect/detect-config.ts';
import { RecordEntry } from './recorder/recording-config.ts';
import { SelfTestEntry } from './self-test/self-test-config.ts';
import { CameraView, SectorView } from './view-config.ts';

const closed = { additionalProperties: false };
const slug = '^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$';
const played = String.raw`(?:rtsps?|https?|rtmp|srt)://[^\s/?#]+(?:[/?][^\s#]*)?|onvif://[^\s/?#@]+(?:[/?][^\s#]*)?|file:[^\0]+`;
const playedWords = 'an rtsp://, rtsps://, onvif://, http(s)://, rtmp:// or srt:// URL, or file:PATH';

export const CameraId = Type.String({
  pattern: slug,
  description: 'an id of small letters, digits, dots, dashes and underscores, at most 64',
});

const Road = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 64, description: 'the id of a road in roads.geojson, like G76' }),
    stake: Type.Optional(StakeMark),
    carriageway: Type.Optional(Type.Enum(['up', 'down'], { description: 'up (towards K0) or down' })),
  },
  { ...closed, description: 'where on which road: {id, stake, carriageway}' },
);

const Tls = Type.Object(
  {
    fingerprint: Type.Optional(
      Type.String({
        pattern: '^(?:[0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$',
        description: 'the SHA-256 of its certificate: 64 hex digits, colons or not',
      }),
    ),
    insecure: Type.Optional(Type.Boolean({ description: 'true to take any certificate, else false' })),
  },
  { ...closed, description: 'how an rtsps:// camera proves itself: {fingerprint} or {insecure}' },
);

const text = (description: string) => Type.String({ minLength: 1, maxLength: 128, description });

const shared = {
  substream: Type.Optional(
    Type.String({
      pattern: `^(?:${played})$`,
      maxLength: 2_048,
      description: `a second, smaller source: ${playedWords}`,
    }),
  ),
  username: Type.Optional(text('the name of an account of the camera')),
  password: Type.Optional(
    Type.String({ maxLength: 256, description: 'its password; better ${NAME} than in the file' }),
  ),
  transport: Type.Optional(
    Type.Enum(['tcp', 'udp'], { description: 'how RTSP packets come: tcp (the default) or udp' }),
  ),
  tls: Type.Optional(Tls),
  position: Type.Optional(
    Type.Unsafe<WrittenPoint>({ ...WrittenPoint, description: 'a place {lat, lon, datum?} in degrees' }),
  ),
  area: Type.Optional(text('the id of an area in areas.geojson')),
  tags: Type.Optional(Type.Array(text('a tag'), { maxItems: 64, description: 'a list of tags' })),
  road: Type.Optional(Road),
  record: Type.Optional(RecordEntry),
  detect: Type.Optional(DetectEntry),
  selfTest: Type.Optional(SelfTestEntry),
};

/** One entry of cameras.yaml (DESIGN §6). */
export const CameraEntry = Type.Object(
  {
    id: CameraId,
    name: Type.Optional(text('a name of 1 to 128 letters')),
    source: Type.String({
      pattern: `^(?:${played}|rtmp)$`,
      maxLength: 2_048,
      description: `${playedWords} (from the config directory on), or the word rtmp for a camera that pushes to us`,
    }),
    publishKey: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9._~-]{16,128}$',
        description:
          'the secret a camera with source: rtmp pushes with (…/live/ID?key=…): 16 to 128 letters, digits, . _ ~ -; better ${NAME}',
      }),
    ),
    ...shared,
    view: Type.Optional(CameraView),
  },
  { ...closed, description: 'a camera with id and source' },
);
export type CameraEntry = Static<typeof CameraEntry>;

const CameraDefaults = Type.Object(
  { ...shared, view: Type.Optional(SectorView) },
  { ...closed, description: 'what holds for every camera that does not say else' },
);

/** The file cameras.yaml. */
export const CamerasFile = Type.Object(
  {
    defaults: Type.Optional(CameraDefaults),
    cameras: Type.Optional(Type.Array(CameraEntry, { maxItems: 50_000, description: 'a list of cameras' })),
    include: Type.Optional(
      Type.Array(text('a path or glob of another cameras file'), {
        maxItems: 1_000,
        description: 'a list of paths or globs',
      }),
    ),
  },
  { ...closed, description: 'cameras, defaults and include' },
);
export type CamerasFile = Static<typeof CamerasFile>;
