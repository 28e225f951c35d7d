import { randomUUIDv7 } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Actor } from '../../../shared/actor.ts';
import type { Series } from '../../traces/trace.ts';
import type { LedgerExcerpt } from './ledger-excerpt.ts';
import { type Manifest, manifestBytes, packageFormat } from './manifest.ts';
import {
  type Document,
  documentItems,
  footageItems,
  type ItemSources,
  keyItem,
  pictureItems,
} from './package-items.ts';
import type { PackageTurn } from './package-turns.ts';
import { packageZip, type Seal } from './package-zip.ts';
import { footageOf, type Papers, reasonsOf, timelineOf } from './papers.ts';
import { readmeText } from './readme-text.ts';
import type { SigningKey } from './signing-key.ts';
import { telemetryCsv, telemetryJson } from './telemetry-files.ts';

export interface Packed {
  readonly papers: Papers;
  readonly series: readonly Series[];
  readonly ledger: LedgerExcerpt;
  readonly actor: Actor;
  readonly at: Date;
  readonly key: SigningKey;
}

/** The package of evidence, as it is read. */
export function packEvidence(packed: Packed, sources: ItemSources, turn: PackageTurn): Readable {
  const { papers, key } = packed;
  const items = [
    ...documentItems(documentsOf(packed, sources.marking !== undefined)),
    keyItem(key.pem),
    ...pictureItems(papers, sources),
    ...footageItems(papers, sources),
  ];
  return packageZip({ items, seal: sealOf(packed, sources.marking !== undefined), turn });
}

function documentsOf({ papers, series, ledger, key }: Packed, isReview: boolean): Document[] {
  const { request, incident } = papers;
  const from = new Date(request.from);
  return [
    ['README.txt', readmeText({ request, isReview, key: key.text }), 'installation'],
    ['request.json', json(request), 'request'],
    ['timeline.json', json(timelineOf(papers, ledger)), 'alerts, incident and ledger'],
    ['reasons.json', json(reasonsOf(papers)), 'alerts and their traces'],
    ['cameras.json', json(footageOf(papers)), 'index of recordings'],
    ['telemetry.json', json(telemetryJson(series, from)), 'telemetry'],
    ['telemetry.csv', telemetryCsv(series, from), 'telemetry'],
    ['tracks.json', json(incident?.tracks ?? []), 'telemetry of the units that were sent, while they were'],
    ['ledger.json', json(ledger), 'ledger'],
  ];
}

function sealOf({ papers: { request }, ledger, actor, at, key }: Packed, isReview: boolean): Seal {
  const { alert, incident, purpose, recipient, from, to, cameras } = request;
  const asked = { ...(alert !== undefined && { alert }), ...(incident !== undefined && { incident }) };
  return (files, missing) => {
    const manifest: Manifest = {
      format: packageFormat,
      id: randomUUIDv7(),
      createdAt: at.toISOString(),
      copy: isReview ? 'review' : 'original',
      request: request.id,
      ...asked,
      ...{ purpose, recipient, from, to, cameras },
      requestedBy: request.requestedBy.name,
      approvedBy: request.decidedBy?.name ?? '',
      exportedBy: actor.name,
      ledger: ledger.head,
      key: key.text,
      files: [...files],
      missing: [...missing],
    };
    const bytes = manifestBytes(manifest);
    return { manifest: bytes, signature: key.sign(bytes) };
  };
}

const json = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;
