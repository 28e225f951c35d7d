import { IdentityModelRefused } from './detector-errors.ts';

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
  [16, 'dog'],
  [17, 'horse'],
  [18, 'sheep'],
  [19, 'cow'],
]);

const identity =
  /\b(?:faces?|facial|identit(?:y|ies)|embeddings?|iris|fingerprint|gender|emotions?|person[-_ ]?ids?|(?:licen[cs]e|number)[-_ ]?plates?|plates?)\b|人脸|车牌|身份/i;

/** Throws IdentityModelRefused when any label says who somebody is or whose a vehicle is. */
export function refuseIdentity(labels: Iterable<string>): void {
  for (const label of labels) {
    if (identity.test(label.replaceAll('_', ' '))) throw new IdentityModelRefused(label);
  }
}
