import { type InjectionKey, inject } from 'vue';
import type { Wall } from './wall.ts';

export const wallKey: InjectionKey<Wall> = Symbol('wall');

/** The wall that the page provides to every component in it. */
export function useWall(): Wall {
  const wall = inject(wallKey);
  if (!wall) throw new Error('no wall is provided above this component');
  return wall;
}
