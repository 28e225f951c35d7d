import { basename } from 'node:path';
import { IdentityModelRefused } from './detector-errors.ts';
import type { AdapterName } from './models/model-form.ts';

/** A class index of the model and its name; what no rule uses has none and is not reported. */
export type Labels = ReadonlyMap<number, string>;

/** The COCO classes that rules use, by their index of 80. */
export const cocoLabels: Labels = new Map([
  [0, 'person'],
  [1, 'bicycle'],
  [2, 'car'],
  [3, 'motorcycle'],
  [5, 'bus'],
  [7, 'truck'],
  [15, 'cat'],
  [16, 'dog'],
  [17, 'horse'],
  [18, 'sheep'],
  [19, 'cow'],
  [24, 'backpack'],
  [26, 'handbag'],
  [28, 'suitcase'],
]);

/** The same by COCO's own numbers of 90 less one, some of which are no class: how SSD models count. */
const cocoNumberLabels: Labels = new Map([
  [0, 'person'],
  [1, 'bicycle'],
  [2, 'car'],
  [3, 'motorcycle'],
  [5, 'bus'],
  [7, 'truck'],
  [16, 'cat'],
  [17, 'dog'],
  [18, 'horse'],
  [19, 'sheep'],
  [20, 'cow'],
  [26, 'backpack'],
  [30, 'handbag'],
  [32, 'suitcase'],
]);

/** The labels of a model of this family that was trained on COCO. */
export function defaultLabels(adapter: AdapterName): Labels {
  return adapter === 'ssd' ? cocoNumberLabels : cocoLabels;
}

/** What rules tell apart. Anything a model of one's own names otherwise is a thing. */
export const families = ['person', 'animal', 'two-wheeler', 'vehicle', 'thing'] as const;
export type Family = (typeof families)[number];

const members: Readonly<Record<Exclude<Family, 'thing'>, readonly string[]>> = {
  person: ['person'],
  animal: ['cat', 'dog', 'horse', 'sheep', 'cow'],
  'two-wheeler': ['bicycle', 'motorcycle'],
  vehicle: ['car', 'bus', 'truck'],
};
const things: readonly string[] = ['backpack', 'handbag', 'suitcase'];

export function familyOf(label: string): Family {
  const known = families.find((family) => family !== 'thing' && members[family].includes(label));
  return known ?? 'thing';
}

/** Names of objects with each family's name replaced by its members: `animal` is cat, dog, horse, sheep and cow. */
export function labelsOf(objects: readonly string[]): string[] {
  const named: ReadonlyMap<string, readonly string[]> = new Map([...Object.entries(members), ['thing', things]]);
  return [...new Set(objects.flatMap((object) => named.get(object) ?? [object]))];
}

/** What `objects` of cameras.yaml may name with the model that comes with Tianliang. */
export const objectNames: readonly string[] = [...new Set([...families, ...cocoLabels.values()])];

const identity =
  /\b(?:faces?|facial|identit(?:y|ies)|embeddings?|iris|fingerprint|gender|emotions?|person[-_ ]?ids?|(?:licen[cs]e|number)[-_ ]?plates?|plates?)\b|人脸|车牌|身份/i;

/** Throws IdentityModelRefused when any label says who somebody is or whose a vehicle is. */
export function refuseIdentity(labels: Iterable<string>): void {
  for (const label of labels) if (namesIdentity(label)) throw new IdentityModelRefused(label);
}

export function namesIdentity(label: string): boolean {
  return identity.test(label.replaceAll('_', ' '));
}

const identityFile =
  /face|facial|gender|emotion|iris|fingerprint|identi(?:ty|fi)|(?:^|[^a-z])(?:re-?id|anpr|alpr|lpr|plates?)(?:[^a-z]|$)/i;

/** Throws IdentityModelRefused when a model's file or name says that it tells people or vehicles apart. */
export function refuseIdentityFile(path: string): void {
  const name = basename(path);
  if (identityFile.test(name) || namesIdentity(name)) throw new IdentityModelRefused(name);
}
