import { useQueries } from "@tanstack/react-query";
import { Fragment, memo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { get, type Page } from "./api.ts";
import { ClearFilters } from "./list-filters.tsx";
import type { ListParts } from "./list.tsx";
import { Nothing, ProblemNotice, Waiting } from "./parts.tsx";
import { columnKey, contentOf, Heading, sortedBy, type Column } from "./rows.tsx";
import type { RowSort } from "#kernel/row-order";
import { useColumnWidths } from "./line-widths.ts";
import { rowPx, useWindow } from "./line-window.ts";
import { numberText } from "./time.ts";

const pageSize = 200;
/** A page that nobody looks at any more is kept so long, for whoever scrolls back. */
const pageKeptMs = 5_000;
const aheadRows = 60;
/** So many rows does a browser hold; whoever needs more takes the list out as a table. */
const rowsMax = 200_000;

/** A row of whatever list it is. */
type LineRow = Readonly<Record<string, unknown>>;

interface LineListProps extends ListParts<LineRow> {
  readonly sort: RowSort;
}

/** What is known of the list's length: where each page begins, and the whole count once the end was seen. */
interface Extent {
  readonly cursors: readonly string[];
  readonly whole: number | null;
}

/** One page on, or the end, learnt from the last known page. */
function extended(before: Extent, last: Page<LineRow>): Extent {
  const pages = before.cursors.length;
  const isEnd = last.next === null || pages * pageSize >= rowsMax;
  return isEnd
    ? { ...before, whole: (pages - 1) * pageSize + last.items.length }
    : { ...before, cursors: [...before.cursors, last.next] };
}

/** All rows of a list in one window: pages come as one scrolls, and only the rows in sight are drawn. */
export function LineList(props: LineListProps): ReactNode {
  const { i18n } = useTranslation();
  const base = props.pageUrl(undefined, String(pageSize));
  // Another question is another list: what was known of the pages does not hold for it.
  return <Lines key={`${base} ${i18n.language}`} {...props} />;
}

/** The pages in sight and the next one; those passed by are forgotten, so that a long list does not fill the memory. */
function usePages(
  extent: Extent,
  from: number,
  to: number,
  pageUrl: LineListProps["pageUrl"],
): { readonly pages: ReadonlyMap<number, Page<LineRow>>; readonly error: Error | null; readonly again: () => void } {
  const { i18n } = useTranslation();
  const wanted = extent.cursors.map((_, page) => page).slice(from, to + 1);
  const answers = useQueries({
    queries: wanted.map((page) => {
      const url = pageUrl(extent.cursors[page] === "" ? undefined : extent.cursors[page], String(pageSize));
      return {
        queryKey: ["line-list", url, i18n.language],
        queryFn: () => get<Page<LineRow>>(url),
        staleTime: pageKeptMs,
        gcTime: pageKeptMs,
      };
    }),
  });
  const failed = answers.find((answer) => answer.error !== null);
  const pages = new Map<number, Page<LineRow>>();
  answers.forEach((answer, i) => {
    const page = wanted[i];
    if (answer.data && page !== undefined) pages.set(page, answer.data);
  });
  return { pages, error: failed?.error ?? null, again: () => void failed?.refetch() };
}

/**
 * One row. Its place in the window is kept for the row that comes there next, so that scrolling makes no new boxes; what
 * stands in them is the row's own and begins anew with another row.
 */
const Line = memo(function Line(props: {
  readonly row: LineRow | undefined;
  readonly rowKey: string;
  readonly index: number;
  readonly columns: readonly Column<LineRow>[];
}): ReactNode {
  const { row, index, columns } = props;
  const id = row ? String(row[props.rowKey]) : index;
  return (
    <div role="row" aria-rowindex={index + 2} style={{ transform: `translateY(${index * rowPx}px)` }}>
      {columns.map((column) => (
        <div key={columnKey(column)} role="cell" data-align={column.align}>
          {row ? <Fragment key={id}>{contentOf(column, row, index)}</Fragment> : null}
        </div>
      ))}
    </div>
  );
});

function Lines(props: LineListProps): ReactNode {
  const { t } = useTranslation();
  const { box, attach, wanted, drawn } = useWindow();
  const { columns } = props;
  useColumnWidths(box, columns.map(columnKey), wanted.first);
  const [extent, setExtent] = useState<Extent>({ cursors: [""], whole: null });
  const isWhole = extent.whole !== null;
  // Until the end was seen, one empty row stands for what comes.
  const count = extent.whole ?? (extent.cursors.length - 1) * pageSize + 1;
  const first = Math.max(0, Math.min(wanted.first, count - 1));
  const last = Math.min(count - 1, wanted.last);
  const places = wanted.last - wanted.first + 1;
  const { pages, error, again } = usePages(
    extent,
    Math.floor(first / pageSize),
    Math.floor((last + aheadRows) / pageSize),
    props.pageUrl,
  );
  const end = pages.get(extent.cursors.length - 1);
  // What a page says of the next one is taken in before anything is drawn.
  if (end && !isWhole) setExtent(extended(extent, end));
  if (error) return <ProblemNotice error={error} retry={again} />;
  if (extent.cursors.length === 1 && !end) return <Waiting rows={10} />;
  if (count === 0)
    return (
      <Nothing text={props.empty}>
        <ClearFilters />
      </Nothing>
    );
  const rowAt = (index: number): LineRow | undefined =>
    index < drawn.first || index > drawn.last
      ? undefined
      : pages.get(Math.floor(index / pageSize))?.items[index % pageSize];
  return (
    <>
      <div
        ref={attach}
        className="line-list"
        role="table"
        tabIndex={0}
        aria-label={props.title}
        aria-rowcount={isWhole ? count + 1 : -1}
      >
        <div role="rowgroup" className="line-head">
          <div role="row" aria-rowindex={1}>
            {columns.map((column) => (
              <div key={columnKey(column)} role="columnheader" {...sortedBy(column, props.sort)}>
                <Heading column={column} sort={props.sort} />
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="line-body" style={{ height: count * rowPx }}>
          {Array.from({ length: last - first + 1 }, (_, i) => first + i).map((index) => (
            <Line key={index % places} row={rowAt(index)} rowKey={props.rowKey} index={index} columns={columns} />
          ))}
        </div>
      </div>
      <p className="pager muted" aria-live="polite">
        {isWhole
          ? t("list.line.all", { count: numberText(count) })
          : t("list.line.more", { count: numberText(count - 1) })}
      </p>
    </>
  );
}
