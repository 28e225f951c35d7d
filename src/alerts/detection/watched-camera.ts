import type { Position } from '../alert.ts';
import type { Corner, Line, Zone } from './zone.ts';

/** What a camera is to look for, and where the camera stands: an alert is placed there. */
export interface WatchedCamera {
  readonly id: string;
  readonly name?: string | undefined;
  readonly position: Position;
  readonly road?: string | undefined;
  readonly stake?: string | undefined;
  readonly carriageway?: 'up' | 'down' | undefined;
  readonly area?: string | undefined;
  readonly detect: {
    /** Seconds between two pictures. */
    readonly every?: number | undefined;
    readonly objects?: readonly string[] | undefined;
    readonly zones?: readonly Zone[] | undefined;
    readonly lines?: readonly Line[] | undefined;
    /** False when all of every picture is to be looked at, whether anything moves or not. */
    readonly gate?: boolean | undefined;
    /** What stands in one of these is not there at all. */
    readonly masks?: readonly (readonly Corner[])[] | undefined;
  };
}
