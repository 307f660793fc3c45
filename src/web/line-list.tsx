import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { get, type Page } from "./api.ts";
import { columnKey } from "./list-columns.tsx";
import type { ListColumn } from "./list.tsx";
import { Nothing, ProblemNotice, Waiting } from "./parts.tsx";
import { numberText } from "./time.ts";

const rowPx = 34;
const pageSize = 200;
const aheadRows = 60;
/** So many rows does a browser hold; whoever needs more takes the list out as a table. */
const rowsMax = 200_000;

/** A row of whatever list it is. */
export type LineRow = Readonly<Record<string, unknown>>;

/** All rows of a list in one window: pages come as one scrolls, and only the rows in sight are drawn. */
export function LineList(props: {
  readonly title: string;
  readonly columns: readonly ListColumn<LineRow>[];
  readonly rowKey: string;
  readonly empty: string;
  readonly pageUrl: (cursor: string | undefined, limit: string) => string;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const { columns, pageUrl } = props;
  const list = useInfiniteQuery({
    queryKey: ["line-list", pageUrl(undefined, String(pageSize)), i18n.language],
    queryFn: ({ pageParam }) => get<Page<LineRow>>(pageUrl(pageParam === "" ? undefined : pageParam, String(pageSize))),
    initialPageParam: "",
    getNextPageParam: (last, pages) => (pages.length * pageSize >= rowsMax ? undefined : (last.next ?? undefined)),
  });
  const pages = list.data?.pages ?? [];
  const loaded = pages.reduce((sum, { items }) => sum + items.length, 0);
  // Its functions are called in this component alone, so nothing keeps a stale one.
  // oxlint-disable-next-line react-hooks-js/incompatible-library
  const virtual = useVirtualizer({
    count: loaded + (list.hasNextPage ? 1 : 0),
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    overscan: 12,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
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
        ref={box}
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
        <div role="rowgroup" className="line-body" style={{ height: virtual.getTotalSize() }}>
          {shown.map((item) => {
            const row = rowAt(item.index);
            return (
              <div
                key={row ? String(row[props.rowKey]) : "more"}
                role="row"
                aria-rowindex={item.index + 2}
                style={{ gridTemplateColumns: template, transform: `translateY(${item.start}px)` }}
              >
                {row
                  ? columns.map((column) => (
                      <div key={columnKey(column)} role="cell" data-align={column.align}>
                        {contentOf(column, row, item.index)}
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
