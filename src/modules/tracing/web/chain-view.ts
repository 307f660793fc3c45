import { select } from "d3-selection";
import { zoom, zoomIdentity, type D3ZoomEvent } from "d3-zoom";
import type { Quadtree } from "d3-quadtree";
import type { ThemeName } from "#web/preferences";
import { basePlace, drawScene, treeOf, type Scene, type View } from "./chain-canvas.ts";

const reachPx = 14;
const scales: [number, number] = [0.02, 24];

/** A canvas that shows one scene at a time and is moved by hand. */
export interface ChainView {
  /** Shows a scene; another layout begins at its own first view. */
  readonly draw: (scene: Scene, theme: ThemeName) => void;
  /** The case nearest to a place on the canvas; null where there is none. */
  readonly at: (x: number, y: number) => string | null;
  /** Brings a case to the middle. */
  readonly show: (id: string) => void;
  /** The picture as it is seen now. */
  readonly picture: () => Promise<Blob | null>;
  readonly end: () => void;
}

/** Takes a canvas over: drag and wheel move it, and it draws itself again when its size changes. */
export function chainView(canvas: HTMLCanvasElement): ChainView {
  let scene: Scene | null = null;
  let theme: ThemeName = "light";
  let view: View = zoomIdentity;
  let frame = 0;
  let tree: { readonly width: number; readonly found: Quadtree<[number, number, string]> } | null = null;

  const paint = (): void => {
    const context = canvas.getContext("2d");
    if (!context || !scene) return;
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = window.devicePixelRatio;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawScene(context, { width, height }, scene, view, theme);
  };
  const soon = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(paint);
  };
  const behaviour = zoom<HTMLCanvasElement, unknown>()
    .scaleExtent(scales)
    // A double click opens the record.
    .filter((event: Event) => event.type !== "dblclick")
    .on("zoom", ({ transform }: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
      view = transform;
      soon();
    });
  const on = select(canvas);
  on.call(behaviour).on("dblclick.zoom", null);
  const watcher = new ResizeObserver(soon);
  watcher.observe(canvas);

  // The larger chains from the top, as wide as the window, never smaller than can be told apart.
  const fit = (): void => {
    if (!scene) return;
    const [, bottom] = basePlace(scene.layout, canvas.clientWidth, 0, scene.layout.rows);
    const k = Math.max(0.75, Math.min(1, canvas.clientHeight / Math.max(1, bottom)));
    behaviour.transform(on, zoomIdentity.translate((canvas.clientWidth * (1 - k)) / 2, 0).scale(k));
  };

  return {
    draw(next, nextTheme) {
      const other = scene?.layout !== next.layout;
      scene = next;
      theme = nextTheme;
      if (other) {
        tree = null;
        fit();
      }
      soon();
    },
    at(x, y) {
      if (!scene) return null;
      const width = canvas.clientWidth;
      if (tree?.width !== width) tree = { width, found: treeOf(scene.layout, width) };
      return tree.found.find((x - view.x) / view.k, (y - view.y) / view.k, reachPx / view.k)?.[2] ?? null;
    },
    show(id) {
      const found = scene?.layout.placed.find(({ point }) => point.id === id);
      if (scene && found) {
        behaviour.translateTo(on, ...basePlace(scene.layout, canvas.clientWidth, found.x, found.row));
      }
    },
    picture: async () => new Promise((resolve) => canvas.toBlob(resolve)),
    end() {
      watcher.disconnect();
      cancelAnimationFrame(frame);
      on.on(".zoom", null);
    },
  };
}
