import L from "leaflet";
import type { MapPoint, Shape } from "#domain/zones";
import type { ThemeName } from "#web/preferences";

/** What is being drawn, on top of the map. */

const line = { light: "#0b5cad", dark: "#8cc4ff" } as const;

function look(theme: ThemeName): L.PathOptions {
  return { weight: 2, color: line[theme], fillOpacity: 0.12, interactive: false };
}

const cornerPx = 5;

/** The corners set so far and the line through them; the first, on which the ring is closed, is larger. */
function ringLayer(points: readonly MapPoint[], theme: ThemeName): L.Layer[] {
  const at = points.map(({ lat, lon }): [number, number] => [lat, lon]);
  const corners = at.map((corner, index) =>
    L.circleMarker(corner, {
      ...look(theme),
      radius: index === 0 ? cornerPx + 2 : cornerPx,
      fillColor: "#ffffff",
      fillOpacity: 1,
    }),
  );
  return [L.polygon(at, { ...look(theme), dashArray: "5 4" }), ...corners];
}

/** The shape as layers; an unfinished ring with its corners. */
export function shapeLayer(shape: Shape, theme: ThemeName): L.LayerGroup {
  if (shape.kind === "ring") return L.layerGroup(ringLayer(shape.points, theme));
  if (shape.kind === "circle") {
    const { lat, lon } = shape.centre;
    return L.layerGroup([
      L.circle([lat, lon], { ...look(theme), radius: shape.metres }),
      L.circleMarker([lat, lon], { ...look(theme), radius: cornerPx, fillColor: "#ffffff", fillOpacity: 1 }),
    ]);
  }
  const { from, to } = shape;
  return L.layerGroup([L.rectangle(L.latLngBounds([from.lat, from.lon], [to.lat, to.lon]), look(theme))]);
}

const closePx = 14;

/** Is a press on the map one on the first corner, which closes the ring? */
export function isOnFirst(map: L.Map, points: readonly MapPoint[], at: L.LatLng): boolean {
  const [first] = points;
  if (!first) return false;
  return map.latLngToContainerPoint([first.lat, first.lon]).distanceTo(map.latLngToContainerPoint(at)) <= closePx;
}

/** Lets the next drag, by mouse, pen or finger, draw a rectangle instead of moving the map. */
export function dragBox(map: L.Map, onMove: (shape: Shape) => void, onDone: (shape: Shape | null) => void): () => void {
  const box = map.getContainer();
  let from: MapPoint | null = null;
  const pointOf = (event: PointerEvent): MapPoint => {
    const { lat, lng } = map.mouseEventToLatLng(event);
    return { lat, lon: lng };
  };
  const start = (event: PointerEvent): void => {
    // The buttons of the map keep their own presses.
    if (event.target instanceof Element && event.target.closest(".leaflet-control")) return;
    from = pointOf(event);
    box.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent): void => {
    if (from) onMove({ kind: "box", from, to: pointOf(event) });
  };
  const end = (event: PointerEvent): void => {
    if (from) onDone({ kind: "box", from, to: pointOf(event) });
    from = null;
  };
  const stop = (): void => {
    from = null;
    onDone(null);
  };
  map.dragging.disable();
  box.classList.add("draw-map-framing");
  box.addEventListener("pointerdown", start);
  box.addEventListener("pointermove", move);
  box.addEventListener("pointerup", end);
  box.addEventListener("pointercancel", stop);
  return () => {
    box.removeEventListener("pointerdown", start);
    box.removeEventListener("pointermove", move);
    box.removeEventListener("pointerup", end);
    box.removeEventListener("pointercancel", stop);
    box.classList.remove("draw-map-framing");
    map.dragging.enable();
  };
}
