import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState, useSearch } from "@tanstack/react-router";
import { Button, Table, type TableColumnType } from "antd";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { get, withQuery, type Page } from "./api.ts";
import { BulkBar, type BulkAction } from "./list-bulk.tsx";
import { ColumnChoice, columnKey, useHidden } from "./list-columns.tsx";
import { ExportButton } from "./list-export.tsx";
import { Filters, Pager, type ListFilter } from "./list-filters.tsx";
import type { LineRow } from "./line-list.tsx";
import { listSearch, type ListSearch } from "./list-search.ts";
import { ViewMenu } from "./list-views.tsx";
import { Nothing, ProblemNotice, Waiting } from "./parts.tsx";
import { scrollable } from "./scrollable.ts";
import "./styles/list.css";

export { listSearch, type ListSearch };

export type ListQuery = Readonly<Record<string, string | undefined>>;

/** A column of a list; with `sortBy` its heading sorts by that name of the API. */
export type ListColumn<T> = TableColumnType<T> & {
  readonly sortBy?: string;
  /** The heading's words where the heading itself is a button. */
  readonly heading?: string;
};

const pageSize = 50;

const LineList = lazy(async () => ({ default: (await import("./line-list.tsx")).LineList }));

export interface ListProps<T extends object> {
  readonly title: string;
  readonly intro: string;
  readonly path: string;
  readonly topics: readonly string[];
  readonly columns: readonly ListColumn<T>[];
  readonly rowKey: keyof T & string;
  readonly states?: { readonly group: string; readonly values: readonly string[] };
  readonly filter?: ListFilter;
  /** Turns filters that the API spells differently into its own parameters. */
  readonly spell?: (query: ListQuery) => ListQuery;
  readonly empty: string;
  /** For a short list of the whole outbreak, which no area or state divides. */
  readonly unfiltered?: boolean;
  /** 2 when the list is a part of a record's page. */
  readonly level?: 1 | 2;
  /** What can be done with the whole list, such as adding to it or taking it out as a table. */
  readonly actions?: ReactNode;
  /** What can be done with several rows at once. */
  readonly bulk?: readonly BulkAction<T>[];
}

/** The API's question for a page of the list as it is filtered and sorted in the address. */
function askedOf<T extends object>(props: ListProps<T>, search: ListSearch, page: ListQuery): string {
  const sorts = new Set(props.columns.flatMap(({ sortBy }) => (sortBy === undefined ? [] : [sortBy])));
  const sort = sorts.has(search.sort?.replace("-", "") ?? "") ? search.sort : undefined;
  const asked: ListQuery = {
    areaCode: search.areaCode,
    state: search.state,
    caseId: search.caseId,
    sort,
    ...page,
    ...(props.filter && search.by ? { [props.filter.name]: search.by } : {}),
  };
  return withQuery(props.path, props.spell ? props.spell(asked) : asked);
}

/** A work list: filters and sort in the address, one page of rows from the server, and what to do when empty. */
export function ListPage<T extends object>(props: ListProps<T>): ReactNode {
  const { t, i18n } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const path = useRouterState({ select: (state) => state.location.pathname });
  const place = search.tab === undefined ? path : `${path}/${search.tab}`;
  const [hidden, setHidden] = useHidden(place);
  const [chosen, setChosen] = useState<readonly T[]>([]);
  const [continuous, setContinuous] = useState(false);
  const url = askedOf(props, search, { cursor: search.cursor, limit: String(pageSize) });
  const list = useQuery({
    queryKey: ["list", url, i18n.language],
    queryFn: () => get<Page<T>>(url),
    placeholderData: keepPreviousData,
    meta: { topics: props.topics },
  });
  const shown = useSorted(props.columns).filter((column) => !hidden.has(columnKey(column)));
  const rowKey = props.rowKey;
  const rows = list.data?.items ?? [];
  const selected = chosen.filter((one) => rows.some((row) => row[rowKey] === one[rowKey]));
  return (
    <div className={props.level === 2 ? "page-part" : "page"}>
      <header className="page-head">
        <div>
          {props.level === 2 ? <h2>{props.title}</h2> : <h1>{props.title}</h1>}
          <p className="page-intro">{props.intro}</p>
        </div>
        <div className="page-tools">
          {props.unfiltered ? null : (
            <Filters
              {...(props.states ? { states: props.states } : {})}
              {...(props.filter ? { filter: props.filter } : {})}
            />
          )}
          <div className="page-actions">
            {props.actions}
            <ViewMenu place={place} hidden={hidden} onColumns={setHidden} />
            <Button size="small" aria-pressed={continuous} onClick={() => setContinuous(!continuous)}>
              {continuous ? t("list.line.pages") : t("list.line.continuous")}
            </Button>
            <ColumnChoice columns={props.columns} hidden={hidden} onHidden={setHidden} />
            <ExportButton<T>
              title={props.title}
              columns={shown}
              rowKey={rowKey}
              pageUrl={(cursor, limit) => askedOf(props, search, { cursor, limit })}
            />
          </div>
        </div>
      </header>
      {list.error ? <ProblemNotice error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isPending ? <Waiting rows={10} /> : null}
      {continuous ? (
        <Suspense fallback={<Waiting rows={10} />}>
          <LineList
            title={props.title}
            columns={shown as unknown as readonly ListColumn<LineRow>[]}
            rowKey={rowKey}
            empty={props.empty}
            pageUrl={(cursor, limit) => askedOf(props, search, { cursor, limit })}
          />
        </Suspense>
      ) : null}
      {list.data && !continuous ? (
        <>
          {props.bulk ? <BulkBar rows={selected} actions={props.bulk} onClear={() => setChosen([])} /> : null}
          <Table<T>
            ref={scrollable}
            size="small"
            className="rows"
            columns={shown}
            dataSource={[...rows]}
            rowKey={rowKey}
            pagination={false}
            scroll={{ x: "max-content" }}
            {...(props.bulk
              ? {
                  rowSelection: {
                    selectedRowKeys: selected.map((row) => String(row[rowKey])),
                    onChange: (_keys: unknown, picked: T[]) => setChosen(picked),
                    getCheckboxProps: () => ({ "aria-label": t("list.choose") }),
                  },
                }
              : {})}
            locale={{ emptyText: <Nothing text={props.empty} /> }}
          />
          <Pager shown={rows.length} next={list.data.next} />
        </>
      ) : null}
      <span className="sr-only" aria-live="polite">
        {list.data ? t("common.page.shown", { shown: rows.length }) : ""}
      </span>
    </div>
  );
}

/** The columns with headings that sort: first one way, then the other, then as the list comes by itself. */
function useSorted<T extends object>(columns: readonly ListColumn<T>[]): ListColumn<T>[] {
  const { t } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const go = useNavigate();
  const sortTo = (name: string): void => {
    const next = search.sort === name ? `-${name}` : search.sort === `-${name}` ? undefined : name;
    const { cursor: _cursor, sort: _sort, ...kept } = search;
    void go({ to: ".", search: listSearch({ ...kept, ...(next === undefined ? {} : { sort: next }) }) });
  };
  return columns.map((column) => {
    const { sortBy, title } = column;
    if (sortBy === undefined || typeof title !== "string") return column;
    const up = search.sort === sortBy;
    const down = search.sort === `-${sortBy}`;
    return {
      ...column,
      heading: title,
      onHeaderCell: () => ({ "aria-sort": up ? "ascending" : down ? "descending" : "none" }),
      title: (
        <button type="button" className="sort" onClick={() => sortTo(sortBy)}>
          {title}
          <span aria-hidden="true">{up ? " ▲" : down ? " ▼" : " ↕"}</span>
          <span className="sr-only">{t("list.sort")}</span>
        </button>
      ),
    };
  });
}
