import type { Map as MapLibre } from 'maplibre-gl';
import { expectedCostMs, isSoftware, restMs, settleMs } from './frame-pace.ts';

const pollMs = 16;
/** A frame that is not done by then is reckoned as this long. */
const lostMs = 2_000;
/** Frames follow each other without rest so long after the hand of the seat has touched the map. */
const handMs = 400;

/** Spaces the frames of a map so that pictures and people get the rest of the machine. */
export class PacedFrames {
  /** No graphics card: the processor draws. */
  readonly software: boolean;
  readonly #map: MapLibre;
  readonly #gl: WebGL2RenderingContext | undefined;
  readonly #draw: () => void;
  #asked = false;
  #loaded = false;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #finishing: ReturnType<typeof setTimeout> | undefined;
  #startedAt = 0;
  #costMs: number | undefined;
  #restsUntil = 0;
  #hurriesUntil = 0;

  constructor(map: MapLibre) {
    this.#map = map;
    this.#draw = map.triggerRepaint.bind(map);
    this.#gl = map.getCanvas().getContext('webgl2') ?? undefined;
    this.software = isSoftware(rendererName(this.#gl));
  }

  /** From the start of one frame to the start of the next, as things are. */
  get everyMs(): number {
    const costMs = this.#costMs ?? 0;
    return costMs + restMs(costMs);
  }

  start(): void {
    this.#map.triggerRepaint = () => this.#ask();
    this.#map.on('render', () => this.#drawn());
    this.#map.on('move', () => this.#hurry());
    this.#map.once('load', () => {
      this.#loaded = true;
    });
    for (const name of ['wheel', 'pointerdown', 'keydown'] as const)
      this.#map.getContainer().addEventListener(name, () => this.#hurry(), { passive: true, capture: true });
  }

  /** No timer is left; the map itself is ended by who owns it. */
  close(): void {
    clearTimeout(this.#waiting);
    clearTimeout(this.#finishing);
    this.#map.triggerRepaint = () => undefined;
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    const free = !this.#loaded || performance.now() < this.#hurriesUntil || this.#map.isMoving();
    if (free) this.#begin();
    else this.#beginIn(Math.max(settleMs(this.#costMs ?? 0), this.#restsUntil - performance.now()));
  }

  #beginIn(ms: number): void {
    this.#waiting = setTimeout(() => {
      const rest = this.#finishing === undefined ? this.#restsUntil - performance.now() : pollMs;
      if (rest > 0) this.#beginIn(rest);
      else this.#begin();
    }, ms);
  }

  /** A frame that is waiting is drawn now: the seat moves the map. */
  #hurry(): void {
    this.#hurriesUntil = performance.now() + handMs;
    if (this.#waiting !== undefined) this.#begin();
  }

  #begin(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    // Runs just before the map's own callback, which is asked for next.
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#startedAt = performance.now();
      this.#restsUntil = this.#startedAt + this.everyMs;
    });
    this.#draw();
  }

  /** The call returns before the picture is made: a fence tells when it is. */
  #drawn(): void {
    const gl = this.#gl;
    const fence = this.#finishing === undefined && gl?.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (!gl || !fence) return;
    gl.flush();
    this.#poll(gl, fence, this.#startedAt);
  }

  #poll(gl: WebGL2RenderingContext, fence: WebGLSync, startedAt: number): void {
    this.#finishing = setTimeout(() => {
      const took = performance.now() - startedAt;
      const done = took > lostMs || gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.SIGNALED;
      if (!done) return this.#poll(gl, fence, startedAt);
      this.#finishing = undefined;
      gl.deleteSync(fence);
      this.#costMs = expectedCostMs(this.#costMs, took);
      this.#restsUntil = performance.now() + restMs(this.#costMs);
    }, pollMs);
  }
}

function rendererName(gl: WebGL2RenderingContext | undefined): string {
  const known = gl?.getExtension('WEBGL_debug_renderer_info');
  return known ? String(gl?.getParameter(known.UNMASKED_RENDERER_WEBGL)) : '';
}
