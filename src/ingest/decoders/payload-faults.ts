import type { Validator } from 'typebox/compile';
import type { TopicKind } from '../topics.ts';
import { parseJson } from './bounded-json.ts';
import type { FieldFault } from './decoded.ts';
import { ownTracksLocation, positionPayload, readingPayload, receiptPayload, statusPayload } from './payloads.ts';

/** The part of a compiled schema that says what is wrong. */
type Explaining = Pick<Validator, 'Errors'>;

const schemas: Readonly<Partial<Record<TopicKind, Explaining>>> = {
  position: positionPayload,
  status: statusPayload,
  receipt: receiptPayload,
  reading: readingPayload,
};

/**
 * Where a payload of ours, or of OwnTracks, is other than its schema. For somebody who looks at one message: intake only
 * asks whether it is right.
 */
export function payloadFaults(decoder: string, topic: string, payload: Uint8Array): FieldFault[] {
  const schema = decoder === 'owntracks' ? ownTracksLocation : schemaOf(topic.split('/').at(-1) ?? '');
  const json = parseJson(payload);
  if (!schema || !json.ok) return [];
  return [...schema.Errors(json.value)].map(({ instancePath, message }) => ({
    pointer: instancePath,
    expected: message.replace(/^must /, 'it to '),
  }));
}

function schemaOf(leaf: string): Explaining | undefined {
  return Object.entries(schemas).find(([kind]) => kind === leaf)?.[1];
}
