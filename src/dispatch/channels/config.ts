import { type Static, Type } from 'typebox';
import { NetworkName } from '../../shared/address-policy.ts';
import type { ValueIssue } from '../../shared/check-value.ts';
import { Severity } from '../incidents/incident.ts';

const closed = { additionalProperties: false };
const Id = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$', description: 'an id of a-z, 0-9 and -' });
const allow = Type.Array(NetworkName, {
  maxItems: 256,
  default: [],
  description:
    'networks its address may lie in, every public one by default; private ones, this machine, link-local and cloud ' +
    'metadata addresses only when a network inside those ranges is listed',
});

export const channelTopics = ['alerts', 'incidents'] as const;

/** A program elsewhere that is told of changes. */
export const WebhookConfig = Type.Object(
  {
    id: Id,
    kind: Type.Literal('webhook'),
    url: Type.String({
      pattern: '^https?://[^@\\s]+$',
      maxLength: 2_000,
      description: 'an http(s) URL without credentials',
    }),
    /** Base64 after `whsec_`, or as it is. */
    secret: Type.String({ minLength: 16, maxLength: 256, description: 'a secret of 16 letters at least, like ${ENV}' }),
    events: Type.Array(Type.Enum([...channelTopics]), { minItems: 1, maxItems: 2, default: [...channelTopics] }),
    /** Nothing less urgent. */
    severity: Type.Enum(Severity.enum, { default: 'info' }),
    /** Of these areas, and what has none; left out: everything. */
    areas: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 200 })),
    allow,
  },
  closed,
);
export type WebhookConfig = Readonly<Static<typeof WebhookConfig>>;

/** The push services of Chrome and Edge's Android, Firefox, Safari and Windows. */
const wellKnownServices = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  '*.push.services.mozilla.com',
  'web.push.apple.com',
  '*.push.apple.com',
  '*.notify.windows.com',
];

/** Browsers of our accounts that asked to be told. */
export const PushConfig = Type.Object(
  {
    id: Id,
    kind: Type.Literal('push'),
    /** Whom a push service writes to when something is wrong with what we send (RFC 8292 §2.1). */
    subject: Type.String({
      pattern: '^(?:mailto:[^\\s@]+@[^\\s@]+|https://[^\\s@]+)$',
      maxLength: 200,
      description: 'mailto: or https:, where the push services reach who runs this',
    }),
    services: Type.Array(
      Type.String({
        pattern: '^(?:\\*\\.)?[a-z0-9.-]{1,253}(?::[0-9]{1,5})?$',
        description: 'a host in small letters, or *. and what it ends in, with its port unless it is 443',
      }),
      { minItems: 1, maxItems: 64, default: wellKnownServices },
    ),
    allow,
  },
  closed,
);
export type PushConfig = Readonly<Static<typeof PushConfig>>;

/** `channels` of tianliang.yaml: who is told besides the walls and the terminals. */
export const ChannelsConfig = Type.Array(Type.Union([WebhookConfig, PushConfig]), { maxItems: 64, default: [] });
export type ChannelsConfig = readonly (WebhookConfig | PushConfig)[];

/** What the schema cannot say: an id stands once, and there is one way to the browsers. */
export function channelIssues(channels: ChannelsConfig): ValueIssue[] {
  return channels.flatMap(({ id, kind }, index): ValueIssue[] => {
    const issue = (key: string, message: string): ValueIssue => ({
      path: ['channels', index, key],
      at: 'value',
      message,
    });
    const before = channels.slice(0, index);
    if (before.some((one) => one.id === id)) return [issue('id', 'expected an id that no other channel has')];
    const isSecond = kind === 'push' && before.some((one) => one.kind === 'push');
    return isSecond ? [issue('kind', 'expected one channel of this kind at most')] : [];
  });
}

/** Areas that areas.geojson does not have. */
export function channelAreaIssues(
  channels: ChannelsConfig,
  known: ReadonlySet<string>,
): { path: string; message: string }[] {
  return channels.flatMap((channel, index) => {
    const areas = channel.kind === 'webhook' ? (channel.areas ?? []) : [];
    return areas.flatMap((area, at) =>
      known.has(area)
        ? []
        : [{ path: `channels[${index}].areas[${at}]`, message: 'expected the id of an area of areas.geojson' }],
    );
  });
}
