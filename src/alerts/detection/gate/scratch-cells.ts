const rooms = new Map<string, Float32Array<ArrayBuffer>>();

/**
 * Room for one step of the work on a picture, used again for the next picture of any camera: a decision is made at once, and
 * ten such fields anew for each picture would keep the collector busier than the work itself. Holds whatever it held before.
 */
export function scratchCells(step: string, length: number): Float32Array<ArrayBuffer> {
  const known = rooms.get(step);
  if (known?.length === length) return known;
  const room = new Float32Array(length);
  rooms.set(step, room);
  return room;
}
