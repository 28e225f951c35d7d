import { resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import type { AreasGeoJson } from '../../gis/area-feature.ts';
import type { ValueIssue } from '../../shared/check-value.ts';
import { isAllowed } from './fetch-document.ts';

const closed = { additionalProperties: false };

/** The value of a geocode in a warning to the id of one of our areas. */
const AreaCodes = Type.Record(
  Type.String({ minLength: 1, maxLength: 64 }),
  Type.String({ minLength: 1, maxLength: 64, description: 'the id of an area of areas.geojson' }),
);

const Feed = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$', description: 'an id of a-z, 0-9 and -' }),
    url: Type.Optional(
      Type.String({
        pattern: '^https?://[^@\\s]+$',
        maxLength: 2_000,
        description: 'an http(s) URL without credentials',
      }),
    ),
    file: Type.Optional(
      Type.String({ minLength: 1, maxLength: 1_000, description: 'a path, from the config directory on' }),
    ),
    every: Type.String({
      pattern: '^(?:[1-9][0-9]{1,3}s|[1-9][0-9]{0,2}[mh])$',
      default: '60s',
      description: 'how often it is read, like 60s or 5m; at least 10s',
    }),
    areaCodes: Type.Optional(AreaCodes),
  },
  closed,
);
export type FeedConfig = Static<typeof Feed>;

/** `warnings` of tianliang.yaml: weather warnings by the Common Alerting Protocol 1.2. */
export const WarningsConfig = Type.Object(
  {
    feeds: Type.Array(Feed, { maxItems: 32, default: [] }),
    /** Every host that is asked for anything, with its port unless that is the usual one. */
    hosts: Type.Array(
      Type.String({
        pattern: '^(?:[a-z0-9.-]{1,253}|\\[[0-9a-f:]+\\])(?::[0-9]{1,5})?$',
        description:
          'a host in small letters, with its port unless it is the usual one, like alerts.example or 10.0.0.7:8443',
      }),
      { maxItems: 64, default: [] },
    ),
    /** For all feeds; a feed's own come on top. */
    areaCodes: Type.Unsafe<Static<typeof AreaCodes>>({ ...AreaCodes, default: {} }),
  },
  { ...closed, default: {} },
);
export type WarningsConfig = Static<typeof WarningsConfig>;

/** What the schema cannot say: ids once, one source each, and that on a listed host. */
export function warningIssues({ feeds, hosts }: WarningsConfig): ValueIssue[] {
  return feeds.flatMap(({ id, url, file }, index) => {
    const issue = (key: string[], message: string) => ({
      path: ['warnings', 'feeds', index, ...key],
      at: 'value' as const,
      message,
    });
    const first = feeds.findIndex((feed) => feed.id === id);
    const target = url === undefined ? null : URL.parse(url);
    return [
      ...(first < index ? [issue(['id'], `expected an id that no other feed has; feeds[${first}] has it too`)] : []),
      ...((url === undefined) === (file === undefined) ? [issue([], 'expected either url or file')] : []),
      ...(url === undefined || (target && isAllowed(target, hosts))
        ? []
        : [issue(['url'], 'expected a host that warnings.hosts lists')]),
    ];
  });
}

/** Geocodes that lead to areas which areas.geojson does not have: the path, and what was expected. */
export function areaCodeIssues({ feeds, areaCodes }: WarningsConfig, { features }: AreasGeoJson) {
  const known = new Set(features.map(({ properties }) => properties.id));
  const unknown = (path: string, codes: Readonly<Record<string, string>> = {}) =>
    Object.entries(codes)
      .filter(([, area]) => !known.has(area))
      .map(([code]) => ({ path: `${path}.${code}`, message: 'expected the id of an area of areas.geojson' }));
  return [
    ...unknown('warnings.areaCodes', areaCodes),
    ...feeds.flatMap((feed, index) => unknown(`warnings.feeds[${index}].areaCodes`, feed.areaCodes)),
  ];
}

/** With the files of feeds found from the config directory on. */
export function placedFeeds(warnings: WarningsConfig, directory: string): WarningsConfig {
  const feeds = warnings.feeds.map((feed) =>
    feed.file === undefined ? feed : { ...feed, file: resolve(directory, feed.file) },
  );
  return { ...warnings, feeds };
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** `60s` in milliseconds. */
export function everyMs({ every }: Pick<FeedConfig, 'every'>): number {
  const unit = every.endsWith('h') ? unitMs.h : every.endsWith('m') ? unitMs.m : unitMs.s;
  return Number(every.slice(0, -1)) * unit;
}
