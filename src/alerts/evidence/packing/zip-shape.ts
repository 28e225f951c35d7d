/**
 * How every file stands in a package: stored as it is, the same date for all. So the bytes of the zip follow from names
 * and contents alone, in any time zone, and whoever verifies can make it again and compare.
 */
export const zipShape = {
  // Read by the zip writer on the clock of the machine it runs on.
  mtime: new Date(1980, 0, 1),
  mode: 0o100644,
  compress: false,
  forceDosTimestamp: true,
} as const;
