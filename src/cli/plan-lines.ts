import type { CameraPlan } from '../streams/cameras/camera-plan.ts';

/** A plan as an engineer reads it: one camera a line, and how many of each. */
export function planLines({ added, removed, changed }: CameraPlan): string[] {
  return [
    ...added.map((id) => `+ ${id}`),
    ...removed.map((id) => `- ${id}`),
    ...changed.map(({ id, fields }) => `~ ${id}  ${fields.join(', ')}`),
    `${added.length} added, ${removed.length} removed, ${changed.length} changed`,
  ];
}
