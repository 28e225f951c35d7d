import { heatAdapter } from './heat-adapter.ts';
import type { Adapter, AdapterName, ModelForm } from './model-form.ts';
import { nanodetAdapter } from './nanodet-adapter.ts';
import { rowsAdapter } from './rows-adapter.ts';
import { ssdAdapter } from './ssd-adapter.ts';
import { yoloAdapter } from './yolo-adapter.ts';

export interface AdapterWish {
  readonly name?: AdapterName | undefined;
  /** How many classes the model tells apart. */
  readonly classes: number;
  /** Side of the square for a model that takes any. */
  readonly size?: number | undefined;
  /** Constants of the graph that are sizes it scales to. */
  readonly sizes?: readonly string[];
}

/** The adapter that understands a model of this form: the named one, else the first that does. */
export function chooseAdapter(form: ModelForm, { name, classes, size, sizes = [] }: AdapterWish): Adapter | undefined {
  const known: Readonly<Record<AdapterName, () => Adapter | undefined>> = {
    centernet: () => heatAdapter(form, sizes) ?? rowsAdapter(form),
    nanodet: () => nanodetAdapter(form, classes),
    ssd: () => ssdAdapter(form, size),
    yolo: () => yoloAdapter(form, classes, size),
  };
  if (name) return known[name]();
  return known.centernet() ?? known.nanodet() ?? known.ssd() ?? known.yolo();
}
