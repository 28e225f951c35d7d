import { type GeoJSONSource, Map as MapLibre, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { MapView as MapPlace, Position } from '../api/shapes.ts';
import type { Colours } from './colours.ts';
import type { FeatureCollection } from './features.ts';
import { type LayerGroup, layerGroups, mapStyle, type SourceName } from './map-style.ts';
import { PacedFrames } from './paced-frames.ts';
import { spriteRatio } from './paint.ts';
import { readColours } from './read-colours.ts';
import { sprite } from './sprites.ts';

export type Clicked = { readonly layer: 'cameras' | 'units' | 'sensors' | 'alerts'; readonly id: string };

export interface MapViewOptions {
  readonly container: HTMLElement;
  readonly place: MapPlace;
  readonly ownAreas: readonly string[] | 'all';
  readonly onReady: () => void;
  readonly onClick: (clicked: Clicked) => void;
  /** The pointer is over it. */
  readonly onNear: (near: Clicked) => void;
  /** Cameras drawn in view, told at most twice a second. */
  readonly onDrawn: (cameras: number) => void;
  /** Pixels at the right edge that a panel covers now. */
  readonly covered: () => number;
  readonly onMove: (center: Position, metersPerPixel: number) => void;
}

/** Asked in this order: what lies on top is clicked. */
const clickable = {
  alerts: 'alerts',
  units: 'units',
  cameras: 'cameras',
  'sensor-tier-pills': 'sensors',
  'sensor-pills': 'sensors',
  'sensor-leaders': 'sensors',
} as const;
const hitSlack = 6;
const edge = 40;

/** MapLibre with our style: it is fed by source name, asked nothing else. */
export class MapView {
  readonly map: MapLibre;
  readonly #options: MapViewOptions;
  readonly #colours: Colours;
  readonly #frames: PacedFrames;
  readonly #waiting = new Map<SourceName, FeatureCollection>();
  readonly #fed = new Map<SourceName, string>();
  #ready = false;
  #counting: ReturnType<typeof setTimeout> | undefined;

  constructor(options: MapViewOptions) {
    this.#options = options;
    this.#colours = readColours();
    setWorkerUrl(workerUrl);
    this.map = new MapLibre({
      container: options.container,
      style: mapStyle(this.#colours, options.ownAreas),
      center: [options.place.center.lon, options.place.center.lat],
      zoom: options.place.zoom,
      minZoom: 8,
      maxZoom: 18,
      dragRotate: false,
      pitchWithRotate: false,
      attributionControl: false,
      localIdeographFontFamily: this.#colours('font'),
      fadeDuration: 0,
    });
    this.#frames = new PacedFrames(this.map);
    this.#frames.start();
    if (this.#frames.software) this.map.setPixelRatio(1);
    this.map.touchZoomRotate.disableRotation();
    this.map.setMissingStyleImageResolver(async (name) => this.#addSprite(name));
    this.map.once('style.load', () => this.#start());
    this.map.on('click', ({ point }) => this.#clicked(point));
    this.map.on('mousemove', ({ point }) => {
      const hit = this.#hit(point);
      this.map.getCanvas().style.cursor = hit ? 'pointer' : '';
      if (hit) this.#options.onNear(hit);
    });
    this.map.on('render', () => this.#countSoon());
    this.map.on('move', () => this.#moved());
  }

  /** Replaces a source's features; kept until the style is there. The same ones again cost no frame. */
  feed(name: SourceName, data: FeatureCollection): void {
    if (!this.#ready) {
      this.#waiting.set(name, data);
      return;
    }
    const text = JSON.stringify(data);
    if (this.#fed.get(name) === text) return;
    this.#fed.set(name, text);
    const source = this.map.getSource<GeoJSONSource>(name);
    void source?.setData(data);
  }

  show(group: LayerGroup, visible: boolean): void {
    for (const layer of layerGroups[group])
      this.map.setLayoutProperty(layer, 'visibility', visible ? 'visible' : 'none');
  }

  /** Brings a place into view: stays when it is well inside, glides within a screen, cuts when farther. */
  lookAt({ lat, lon }: Position, zoom: number): void {
    const box = this.map.getContainer().getBoundingClientRect();
    const covered = this.#options.covered();
    const [width, height] = [box.width - covered, box.height];
    const at = this.map.project([lon, lat]);
    const inside = at.x > width * 0.15 && at.x < width * 0.85 && at.y > height * 0.2 && at.y < height * 0.85;
    const near = at.x > -width && at.x < 2 * width && at.y > -height && at.y < 2 * height;
    if (inside && this.map.getZoom() >= zoom - 0.6) return;
    const camera = {
      center: [lon, lat] as [number, number],
      zoom: Math.max(zoom, this.map.getZoom()),
      padding: { top: 0, bottom: 0, left: 0, right: covered },
    };
    if (near) this.map.easeTo({ ...camera, duration: 240 });
    else this.map.jumpTo(camera);
  }

  /** The processor draws the map: whatever moves for beauty alone stands still. */
  get software(): boolean {
    return this.#frames.software;
  }

  /** How often it can draw now without taking more than its share. */
  get frameMs(): number {
    return this.#frames.everyMs;
  }

  /** In view, or just outside. */
  isNear({ lat, lon }: Position): boolean {
    // The canvas knows its size without a layout of the page.
    const { width, height } = this.map.getCanvas();
    const ratio = this.map.getPixelRatio();
    const { x, y } = this.map.project([lon, lat]);
    return x > -edge && x < width / ratio + edge && y > -edge && y < height / ratio + edge;
  }

  metersPerPixel(): number {
    const { lat } = this.map.getCenter();
    return (78_271.517 * Math.cos((lat * Math.PI) / 180)) / 2 ** this.map.getZoom();
  }

  close(): void {
    clearTimeout(this.#counting);
    this.#frames.close();
    this.map.remove();
  }

  #start(): void {
    this.#ready = true;
    // MapLibre paints a sky under every map, a power of each pixel: without a graphics card half the cost of a frame.
    Object.assign(this.map.style.sky, { getEvaluated: () => undefined });
    for (const [name, data] of this.#waiting) this.feed(name, data);
    this.#waiting.clear();
    this.#moved();
    this.#options.onReady();
  }

  #addSprite(name: string): void {
    const drawn = sprite(name, this.#colours);
    if (!drawn || this.map.hasImage(name)) return;
    const twice = (values: readonly number[]) => values.map((value) => value * spriteRatio);
    const [left = 0, top = 0, right = 0, bottom = 0] = twice(drawn.stretch?.content ?? []);
    const [from = 0, to = 0] = twice(drawn.stretch?.x ?? []);
    const stretch = drawn.stretch && {
      stretchX: [[from, to]] as [number, number][],
      content: [left, top, right, bottom] as [number, number, number, number],
    };
    this.map.addImage(name, drawn.image, { pixelRatio: spriteRatio, ...stretch });
  }

  #hit({ x, y }: { x: number; y: number }): Clicked | undefined {
    if (!this.#ready) return undefined;
    const area: [[number, number], [number, number]] = [
      [x - hitSlack, y - hitSlack],
      [x + hitSlack, y + hitSlack],
    ];
    const found = this.map.queryRenderedFeatures(area, { layers: Object.keys(clickable) });
    for (const [layer, thing] of Object.entries(clickable)) {
      const id = found.find((feature) => feature.layer.id === layer)?.properties.id;
      if (typeof id === 'string') return { layer: thing, id };
    }
    return undefined;
  }

  #clicked(point: { x: number; y: number }): void {
    const hit = this.#hit(point);
    if (hit) this.#options.onClick(hit);
  }

  #countSoon(): void {
    this.#counting ??= setTimeout(() => {
      this.#counting = undefined;
      this.#options.onDrawn(this.#drawnCameras());
    }, 500);
  }

  #drawnCameras(): number {
    if (!this.#ready) return 0;
    const drawn = this.map.queryRenderedFeatures({ layers: ['cameras'] });
    return new Set(drawn.map(({ properties }) => properties.id)).size;
  }

  #moved(): void {
    const { lat, lng } = this.map.getCenter();
    this.#options.onMove({ lat, lon: lng }, this.metersPerPixel());
  }
}
