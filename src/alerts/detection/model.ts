/** A rectangle in a picture, each number a share of the picture from 0 to 1, `x` and `y` its top left corner. */
export interface UnitBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a model saw once: a kind of thing, never who. `score` is 0 to 1. */
export interface Sighting {
  readonly label: string;
  readonly score: number;
  readonly box: UnitBox;
  /** From this score on it is believed; left out where the rules' common limit holds. */
  readonly limit?: number | undefined;
}

/**
 * A decoded picture of even sides: a byte of brightness for each pixel, rows from the top; then, for each two rows, how blue
 * and beside it how red every second pixel is. By Rec. 601, brightness from 16 to 235.
 */
export interface YuvFrame {
  readonly width: number;
  readonly height: number;
  /** In shared memory it costs nothing to show it to a thread; elsewhere the thread gets a copy. */
  readonly yuv: Uint8Array;
}

/** A picture of one camera, and when it was taken. */
export interface CameraFrame extends YuvFrame {
  readonly camera: string;
  readonly at: Date;
  /** Takes the pixels once nobody reads them any more. */
  readonly release?: ((yuv: YuvFrame['yuv']) => void) | undefined;
}

/** What was seen, with the picture: its pixels stay as they are while the detector looks. */
export interface Detected {
  readonly frame: CameraFrame;
  readonly sightings: readonly Sighting[];
}

/** `pressing`: an event might begin with this picture, and it goes before pictures with which none can. */
export type Rank = 'usual' | 'pressing';

/**
 * Whoever finds things in pictures. Reads the frame's pixels until it resolves; rejects with a DetectorError. Looks at
 * the whole picture, or at a square around each of the regions: what one of them cuts in two is looked at again whole.
 */
export interface Detector {
  detect(frame: CameraFrame, regions?: readonly UnitBox[], rank?: Rank): Promise<Detected>;
}
