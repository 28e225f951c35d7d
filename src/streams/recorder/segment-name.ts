/** A file's name tells camera and start, so that a lost index can be built again from the files alone (T10). */
export interface SegmentName {
  readonly camera: string;
  readonly startedAt: Date;
  readonly ring: boolean;
  /** Tells apart two files of one millisecond: a clock may be set back. */
  readonly mark: string;
}

const pattern =
  /^([a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?)\/\d{4}-\d{2}-\d{2}\/(\d{4}-\d{2}-\d{2})T(\d{2})(\d{2})(\d{2})\.(\d{3})Z-([cr])([0-9a-f]{8})\.mp4$/;

/** `camera/2026-11-21/2026-11-21T042650.123Z-c0a1b2c3d.mp4`, `c` for kept and `r` for the ring; no `:` for Windows. */
export function segmentFile({ camera, startedAt, ring, mark }: SegmentName): string {
  const time = startedAt.toISOString().replaceAll(':', '');
  return `${camera}/${time.slice(0, 10)}/${time}-${ring ? 'r' : 'c'}${mark}.mp4`;
}

/** Undefined for a file that is not one of ours. */
export function parseSegmentFile(file: string): SegmentName | undefined {
  const [, camera, day, hour, minute, second, milli, kind, mark] = pattern.exec(file) ?? [];
  if (camera === undefined || mark === undefined) return undefined;
  const startedAt = new Date(`${day}T${hour}:${minute}:${second}.${milli}Z`);
  return Number.isNaN(startedAt.getTime()) ? undefined : { camera, startedAt, ring: kind === 'r', mark };
}
