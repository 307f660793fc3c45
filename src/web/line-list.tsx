import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { get, type Page } from "./api.ts";
import { columnKey } from "./list-columns.tsx";
import type { ListColumn } from "./list.tsx";
import { Nothing, ProblemNotice, Waiting } from "./parts.tsx";
import { numberText } from "./time.ts";

const rowPx = 34;
const pageSize = 200;
const aheadRows = 60;
/** Rows drawn beyond each edge of the window, so that a turn of the wheel shows no gap. */
const marginRows = 12;
/** So many rows does a browser hold; whoever needs more takes the list out as a table. */
const rowsMax = 200_000;

/** A row of whatever list it is. */
export type LineRow = Readonly<Record<string, unknown>>;

/**
 * Which rows of a box are in sight. Every row is as high as the next, so a division says it; a general library keeps
 * a record of each row and makes all of them anew with each page that arrives, which stopped the list at 100,000 rows.
 */
function useWindow(): {
  readonly attach: (box: HTMLDivElement | null) => void;
  readonly top: number;
  readonly rows: number;
} {
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const [seen, setSeen] = useState({ first: 0, rows: 0 });
  useEffect(() => {
    if (!box) return undefined;
    const look = (): void => {
      const first = Math.floor(box.scrollTop / rowPx);
      const rows = Math.ceil(box.clientHeight / rowPx);
      setSeen((before) => (before.first === first && before.rows === rows ? before : { first, rows }));
    };
    look();
    box.addEventListener("scroll", look, { passive: true });
    const watcher = new ResizeObserver(look);
    watcher.observe(box);
    return () => {
      box.removeEventListener("scroll", look);
      watcher.disconnect();
    };
  }, [box]);
  return { attach: setBox, top: seen.first, rows: seen.rows };
}

/** All rows of a list in one window: pages come as one scrolls, and only the rows in sight are drawn. */
export function LineList(props: {
  readonly title: string;
  readonly columns: readonly ListColumn<LineRow>[];
  readonly rowKey: string;
  readonly empty: string;
  readonly pageUrl: (cursor: string | undefined, limit: string) => string;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const { attach, top, rows } = useWindow();
  const { columns, pageUrl } = props;
  const list = useInfiniteQuery({
    queryKey: ["line-list", pageUrl(undefined, String(pageSize)), i18n.language],
    queryFn: ({ pageParam }) => get<Page<LineRow>>(pageUrl(pageParam === "" ? undefined : pageParam, String(pageSize))),
    initialPageParam: "",
    getNextPageParam: (last, pages) => (pages.length * pageSize >= rowsMax ? undefined : (last.next ?? undefined)),
  });
  const pages = list.data?.pages ?? [];
  const loaded = pages.reduce((sum, { items }) => sum + items.length, 0);
  const count = loaded + (list.hasNextPage ? 1 : 0);
  const first = Math.max(0, Math.min(top - marginRows, count - 1));
  const last = Math.min(count - 1, top + rows + marginRows);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= loaded - aheadRows) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, last, loaded]);
  if (list.error) return <ProblemNotice error={list.error} retry={() => void list.refetch()} />;
  if (list.isPending) return <Waiting rows={10} />;
  if (loaded === 0) return <Nothing text={props.empty} />;
  const template = `repeat(${columns.length}, minmax(120px, 1fr))`;
  // Every page but the last is full, so a row's place names its page.
  const rowAt = (index: number): LineRow | undefined => pages[Math.floor(index / pageSize)]?.items[index % pageSize];
  return (
    <>
      <div
        ref={attach}
        className="line-list"
        role="table"
        tabIndex={0}
        aria-label={props.title}
        aria-rowcount={hasNextPage ? -1 : loaded + 1}
      >
        <div role="rowgroup" className="line-head">
          <div role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
            {columns.map((column) => (
              <div key={columnKey(column)} role="columnheader">
                {typeof column.title === "function" ? null : column.title}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="line-body" style={{ height: count * rowPx }}>
          {Array.from({ length: last - first + 1 }, (_, i) => first + i).map((index) => {
            const row = rowAt(index);
            return (
              <div
                key={row ? String(row[props.rowKey]) : "more"}
                role="row"
                aria-rowindex={index + 2}
                style={{ gridTemplateColumns: template, transform: `translateY(${index * rowPx}px)` }}
              >
                {row
                  ? columns.map((column) => (
                      <div key={columnKey(column)} role="cell" data-align={column.align}>
                        {contentOf(column, row, index)}
                      </div>
                    ))
                  : null}
              </div>
            );
          })}
        </div>
      </div>
      <p className="pager muted" aria-live="polite">
        {hasNextPage
          ? t("list.line.more", { count: numberText(loaded) })
          : t("list.line.all", { count: numberText(loaded) })}
      </p>
    </>
  );
}

function contentOf(column: ListColumn<LineRow>, row: LineRow, index: number): ReactNode {
  const value: unknown = typeof column.dataIndex === "string" ? row[column.dataIndex] : undefined;
  if (column.render) return column.render(value, row, index) as ReactNode;
  return typeof value === "string" || typeof value === "number" ? value : "";
}
