import { type Actor, maySee } from '../shared/actor.ts';
import type { Unit } from './unit.ts';
import type { UnitBoard } from './unit-board.ts';
import { UnitNotFoundError } from './unit-errors.ts';

/** The unit, for an actor who may see it. Throws `UnitNotFoundError`. */
export function seenUnit(units: UnitBoard, id: string, actor: Actor): Unit {
  const unit = units.get(id);
  if (!unit || !maySee(actor, unit.area)) throw new UnitNotFoundError(id);
  return unit;
}
