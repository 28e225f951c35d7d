import type { Readable } from 'node:stream';
import type { Actor } from '../../../shared/actor.ts';
import type { CameraSpan, Recording } from '../../../store/recordings-repository.ts';
import type { Series } from '../../traces/trace.ts';

/** A recorded file as the recorder keeps it. */
export interface OriginalFile {
  readonly recording: Recording;
  /** Undefined when it is gone; once open, its bytes stay readable when it is deleted. */
  open(): Promise<Readable | undefined>;
}

/** What a camera recorded, as one file that plays. */
export interface PlayableClip {
  readonly from: Date;
  readonly to: Date;
  stream(): Readable;
}

/** What is known of an incident, as whoever keeps incidents tells it. */
export interface IncidentPapers {
  readonly id: string;
  readonly incident: object;
  readonly timeline: readonly object[];
  readonly alerts: readonly string[];
  readonly photos: readonly string[];
  /** Where its units went, each only while it was bound by the incident. */
  readonly tracks: readonly object[];
}

export interface MeasuredAround {
  readonly sensors: readonly string[];
  readonly position?: { readonly lat: number; readonly lon: number } | undefined;
  readonly from: Date;
  readonly to: Date;
}

/** What the rest of the house has of it; each fails as whoever keeps it does. */
export interface PackageSources {
  originals(span: CameraSpan): Promise<readonly OriginalFile[]>;
  clip(span: CameraSpan): Promise<PlayableClip>;
  incident(id: string, actor: Actor): Promise<IncidentPapers>;
  /** JPEG. */
  photo(incident: string, photo: string, actor: Actor): Promise<Uint8Array>;
  /** What was measured at and near it. */
  measured(around: MeasuredAround): Promise<readonly Series[]>;
}
