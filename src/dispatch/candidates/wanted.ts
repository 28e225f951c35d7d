import type { GeoPoint } from '../../gis/point.ts';
import type { Carriageway } from '../../gis/road-feature.ts';
import type { UnitKind } from '../unit.ts';

/** Where somebody is needed. */
export interface WantedPlace {
  readonly position: GeoPoint & { readonly errorMeters?: number | undefined };
  readonly road?: string | undefined;
  readonly carriageway?: Carriageway | undefined;
  readonly area?: string | undefined;
}

/** Who is needed; what is left out does not matter. */
export interface Wanted {
  readonly kinds?: readonly UnitKind[];
  /** All of them. */
  readonly skills?: readonly string[];
  /** Units of any of them; where none is named, those of other areas may come too. */
  readonly areas?: readonly string[];
}
