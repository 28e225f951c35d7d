/** The least UUIDv7 (RFC 9562 §5.7) of the millisecond: ids sort by when they were made, so what is older has a lesser one. */
export function firstIdAt(at: Date): string {
  const time = Math.max(0, at.getTime()).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}
