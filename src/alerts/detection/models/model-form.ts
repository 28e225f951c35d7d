import type { Corners, Room } from '../letterbox.ts';

/** An input or output of a graph model as it describes itself; -1 where a size is up to whoever asks. */
export interface TensorForm {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

export interface ModelForm {
  readonly inputs: readonly TensorForm[];
  readonly outputs: readonly TensorForm[];
}

/** How a model wants its picture: `(value - mean) / deviation` of each byte, colours in this order. */
export interface InputForm {
  /** Its square, or the largest room of a graph that takes any. */
  readonly room: Room;
  readonly layout: 'nhwc' | 'nchw';
  readonly dtype: 'float32' | 'int32';
  readonly colours: 'rgb' | 'bgr';
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/** What a model answered, as plain numbers. */
export interface Answer {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** A box in pixels of the model's room, of a class index. */
export interface Found {
  readonly corners: Corners;
  readonly score: number;
  readonly kind: number;
}

/** How one family of models is asked and understood. */
export interface Adapter {
  readonly name: AdapterName;
  readonly input: InputForm;
  /** The outputs it reads, by name and in this order. */
  readonly outputs: readonly string[];
  /** Everything of at least this score, each thing once; what is no number is left out. */
  readonly find: (answers: readonly Answer[], wanted: Wanted) => Found[];
  /** Constants of the graph that are sizes: it takes any picture when they are told with it. */
  readonly sizes?: readonly string[];
}

export interface Wanted {
  readonly minScore: number;
  readonly room: Room;
}

export const adapterNames = ['centernet', 'ssd', 'yolo', 'nanodet'] as const;
export type AdapterName = (typeof adapterNames)[number];

/** Answers this long are no detector's: nobody reads gigabytes of a model that went astray. */
export const mostNumbers = 8_000_000;

/** Bytes as they are, bytes from 0 to 1. */
export const asBytes = { colours: 'rgb', mean: [0, 0, 0], deviation: [1, 1, 1] } as const;
export const asShares = { colours: 'rgb', mean: [0, 0, 0], deviation: [255, 255, 255] } as const;

export const backendWishes = ['auto', 'wasm', 'node'] as const;
/** `node` is TensorFlow's own library by @tensorflow/tfjs-node; `auto` takes it where it is installed. */
export type BackendWish = (typeof backendWishes)[number];
export type BackendName = Exclude<BackendWish, 'auto'>;
