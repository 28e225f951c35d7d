import type { Manifest } from '../packing/manifest.ts';

/** One thing that is not as it was given out. */
export interface Finding {
  /** The file within the package, or the package itself. */
  readonly item: string;
  readonly problem: string;
}

/** What became of a package on its way: nothing, or exactly this. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** As the package says; undefined when nothing of it can be read. */
  readonly manifest: Manifest | undefined;
}

export const isIntact = ({ findings, manifest }: Verdict) => findings.length === 0 && manifest !== undefined;

export const wholePackage = 'the package';
