import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { get, withQuery, type Page } from "./api.ts";
import type { BulkAction } from "./list-bulk.tsx";
import { useHidden } from "./list-columns.tsx";
import { ClearFilters, Filters, Pager, type ListFilter } from "./list-filters.tsx";
import { useListPlace } from "./list-place.ts";
import { listSearch, type ListSearch } from "./list-search.ts";
import { ListTools } from "./list-tools.tsx";
import { operationsQuery } from "./operations.ts";
import { ProblemNotice, Waiting } from "./parts.tsx";
import { columnKey, Rows, type Column } from "./rows.tsx";
import type { RowSort } from "#kernel/row-order";
import "./styles/list.css";

export { listSearch, type ListSearch };

export type ListQuery = Readonly<Record<string, string | undefined>>;

/** A row of whatever list it is. */
type AnyRow = Readonly<Record<string, unknown>>;

const pageSize = 50;

// What only some lists need, or only when a button is pressed, is fetched then.
const LineList = lazy(async () => ({ default: (await import("./line-list.tsx")).LineList }));
const BulkBar = lazy(async () => ({ default: (await import("./list-bulk.tsx")).BulkBar<AnyRow> }));

export interface ListProps<T extends object> {
  readonly title: string;
  readonly intro: string;
  readonly path: string;
  readonly topics: readonly string[];
  readonly columns: readonly Column<T>[];
  readonly rowKey: keyof T & string;
  readonly states?: { readonly group: string; readonly values: readonly string[] };
  readonly filter?: ListFilter;
  /** Turns filters that the API spells differently into its own parameters. */
  readonly spell?: (query: ListQuery) => ListQuery;
  readonly empty: string;
  /** The order in which the list comes by itself, where a column stands for it. */
  readonly usual?: string;
  /** For a short list of the whole outbreak, which no area or state divides. */
  readonly unfiltered?: boolean;
  /** 2 when the list is a part of a record's page. */
  readonly level?: 1 | 2;
  /** What can be done with the whole list, such as adding to it or taking it out as a table. */
  readonly actions?: ReactNode;
  /** What can be done with several rows at once, each sent by itself. */
  readonly bulk?: readonly BulkAction<T>[];
  /** What is said of the rows of this page, and done with the chosen ones together, where that is one action. */
  readonly bar?: (rows: readonly T[], chosen: readonly T[], clear: () => void) => ReactNode;
  /** The rows that cannot be chosen. */
  readonly isFixed?: (row: T) => boolean;
  /** The order of the rows of one page, as long as no heading says another. */
  readonly arrange?: (rows: readonly T[]) => readonly T[];
}

/** The order in the address, if a column of the list stands for it. */
function sortIn<T>(columns: readonly Column<T>[], search: ListSearch): string | undefined {
  const name = search.sort?.replace("-", "");
  return name !== undefined && columns.some(({ sortBy }) => sortBy === name) ? search.sort : undefined;
}

/** The API's question for a page of the list as it is filtered and sorted in the address. */
function askedOf<T extends object>(props: ListProps<T>, search: ListSearch, page: ListQuery): string {
  const sort = sortIn(props.columns, search);
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
  const { page, place } = useListPlace();
  const [hidden, setHidden] = useHidden(place);
  const [chosen, setChosen] = useState<readonly T[]>([]);
  const [continuous, setContinuous] = useState(false);
  const sort = useSort(props.columns, props.usual);
  const pageUrl = (cursor: string | undefined, limit: string): string => askedOf(props, search, { cursor, limit });
  const url = pageUrl(search.cursor, String(pageSize));
  const list = useQuery({
    queryKey: ["list", url, i18n.language],
    queryFn: () => get<Page<T>>(url),
    placeholderData: keepPreviousData,
    meta: { topics: props.topics },
  });
  const shown = props.columns.filter((column) => !hidden.has(columnKey(column)));
  const rowKey = props.rowKey;
  const choosing = useMayChoose(props.bulk) || props.bar !== undefined;
  const found = list.data?.items ?? [];
  const rows = props.arrange && sort.asked === undefined ? props.arrange(found) : found;
  const selected = chosen.filter((one) => rows.some((row) => row[rowKey] === one[rowKey]));
  const parts = { title: props.title, columns: shown, rowKey, empty: props.empty, pageUrl };
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
            <Button size="small" aria-pressed={continuous} onClick={() => setContinuous(!continuous)}>
              {continuous ? t("list.line.pages") : t("list.line.continuous")}
            </Button>
            <ListTools<T>
              columns={props.columns}
              hidden={hidden}
              onHidden={setHidden}
              viewsOf={page}
              out={{ ...parts, read: (cursor, limit) => get<Page<T>>(pageUrl(cursor, limit)) }}
            />
          </div>
        </div>
      </header>
      {list.error ? (
        <ProblemNotice error={list.error} retry={() => void list.refetch()} back={<ClearFilters />} />
      ) : null}
      {list.isPending ? <Waiting rows={10} /> : null}
      {continuous ? (
        <Suspense fallback={<Waiting rows={10} />}>
          <LineList {...(parts as unknown as ListParts<AnyRow>)} sort={sort} />
        </Suspense>
      ) : null}
      {list.data && !continuous ? (
        <>
          {props.bulk && chosen.length > 0 ? (
            <Suspense fallback={<Waiting rows={1} />}>
              <BulkBar
                rows={selected as readonly AnyRow[]}
                actions={props.bulk as unknown as readonly BulkAction<AnyRow>[]}
                onClear={() => setChosen([])}
              />
            </Suspense>
          ) : null}
          {props.bar?.(rows, selected, () => setChosen([]))}
          <Rows<T>
            columns={shown}
            rows={rows}
            rowKey={rowKey}
            label={props.title}
            empty={props.empty}
            way={<ClearFilters />}
            sort={sort}
            {...(choosing
              ? {
                  choice: {
                    ...(props.isFixed ? { isFixed: props.isFixed } : {}),
                    keys: selected.map((row) => String(row[rowKey])),
                    onChange: (_keys: readonly string[], picked: readonly T[]) => setChosen(picked),
                  },
                }
              : {})}
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

/** The list as it is shown now, for what draws it another way. */
export interface ListParts<T extends object> {
  readonly title: string;
  readonly columns: readonly Column<T>[];
  readonly rowKey: keyof T & string;
  readonly empty: string;
  readonly pageUrl: (cursor: string | undefined, limit: string) => string;
}

/** Whether any of what can be done with several rows is in the hands of this account. */
function useMayChoose<T>(bulk: readonly BulkAction<T>[] | undefined): boolean {
  const permitted = useQuery({ ...operationsQuery, enabled: bulk !== undefined }).data?.items;
  return bulk?.some(({ operation }) => permitted?.some(({ id }) => id === operation)) ?? false;
}

/** The order in the address, and headings that change it; another order starts at the first page. */
function useSort<T>(columns: readonly Column<T>[], usual: string | undefined): RowSort {
  const search: ListSearch = useSearch({ strict: false });
  const go = useNavigate();
  return {
    asked: sortIn(columns, search),
    usual,
    onSort: (asked) => {
      const { cursor: _cursor, sort: _sort, ...kept } = search;
      void go({ to: ".", search: listSearch({ ...kept, ...(asked === undefined ? {} : { sort: asked }) }) });
    },
  };
}
