import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ChainLayout } from "#domain/tracing";
import { useTheme } from "#web/preferences";
import type { ChainMark, Scene } from "./chain-canvas.ts";
import { chainView, type ChainView } from "./chain-view.ts";

/** The chains on a canvas: drag, zoom, click; arrow keys walk to infector, infectees and neighbours, Enter opens. */
export function ChainPicture(props: {
  readonly scene: Scene;
  readonly onChoose: (id: string | null) => void;
  readonly onOpen: (id: string) => void;
  /** Is told the view once it stands, for search and for saving. */
  readonly onReady: (view: ChainView | null) => void;
}): ReactNode {
  const { t } = useTranslation();
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useRef<ChainView | null>(null);
  const { scene, onChoose, onOpen, onReady } = props;
  useEffect(() => {
    if (!canvas.current) return undefined;
    const made = chainView(canvas.current);
    view.current = made;
    onReady(made);
    return () => {
      view.current = null;
      onReady(null);
      made.end();
    };
  }, [onReady]);
  useEffect(() => view.current?.draw(scene, theme), [scene, theme]);
  return (
    <canvas
      ref={canvas}
      className="chain-picture"
      tabIndex={0}
      role="application"
      aria-label={t("chains.pictureLabel", { cases: scene.layout.placed.length })}
      aria-describedby="chain-keys"
      onClick={({ nativeEvent: { offsetX, offsetY } }) => onChoose(view.current?.at(offsetX, offsetY) ?? null)}
      onDoubleClick={({ nativeEvent: { offsetX, offsetY } }) => {
        const id = view.current?.at(offsetX, offsetY);
        if (id) onOpen(id);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && scene.chosen !== null) onOpen(scene.chosen);
        const next = walk(event.key, scene.layout, scene.chosen);
        if (next === null) return;
        event.preventDefault();
        onChoose(next);
        view.current?.show(next);
      }}
    />
  );
}

/** Left is the infector, right the first infectee, up and down the neighbours; null for any other key. */
function walk(key: string, layout: ChainLayout<ChainMark>, chosen: string | null): string | null {
  if (!key.startsWith("Arrow")) return null;
  const all = layout.placed;
  const here = all.find(({ point }) => point.id === chosen);
  if (!here) return all[0]?.point.id ?? null;
  if (key === "ArrowLeft") return here.point.parent ?? here.point.id;
  if (key === "ArrowRight") return all.find(({ point }) => point.parent === here.point.id)?.point.id ?? here.point.id;
  const side = key === "ArrowDown" ? 1 : -1;
  const away = ({ row, x }: (typeof all)[number]): number => Math.abs(row - here.row) * 1000 + Math.abs(x - here.x);
  const beside = all.filter(({ row, point }) => point.id !== here.point.id && (row - here.row) * side > 0);
  return beside.reduce((best, one) => (away(one) < away(best) ? one : best), beside[0] ?? here).point.id;
}
