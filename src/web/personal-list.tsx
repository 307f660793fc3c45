import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { getFor, withQuery, type Page } from "./api.ts";
import { useHidden } from "./list-columns.tsx";
import { Filters } from "./list-filters.tsx";
import { useListPlace } from "./list-place.ts";
import type { ListSearch } from "./list-search.ts";
import { ListTools } from "./list-tools.tsx";
import { ProblemNotice, Waiting } from "./parts.tsx";
import { PurposeForm } from "./purpose.tsx";
import { columnKey, Rows, type Column } from "./rows.tsx";
import "./styles/list.css";

const pageSize = "50";

/** A list of people by name: the purpose is asked first, kept in the audit, and forgotten when the page is left. */
export function PersonalList<T extends object>(props: {
  readonly title: string;
  readonly intro: string;
  readonly path: string;
  /** What the list is narrowed to, besides the area of the address. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly columns: Column<T>[];
  readonly rowKey: keyof T & string;
  readonly empty: string;
  /** The order in which the list comes by itself, where a column stands for it. */
  readonly usual?: string;
  readonly actions?: ReactNode;
  /** 2 when the list is a part of a record's page. */
  readonly level?: 1 | 2;
}): ReactNode {
  const { t } = useTranslation();
  const { areaCode }: ListSearch = useSearch({ strict: false });
  const [reason, setReason] = useState<string | null>(null);
  const [sort, setSort] = useState<string>();
  const { place } = useListPlace(props.level === 2 ? props.path.split("/").at(-1) : undefined);
  const [hidden, setHidden] = useHidden(place);
  const shown = props.columns.filter((column) => !hidden.has(columnKey(column)));
  const read = (cursor: string | undefined, limit: string): Promise<Page<T>> =>
    getFor<Page<T>>(withQuery(props.path, { areaCode, ...props.query, sort, limit, cursor }), reason ?? "");
  const list = useInfiniteQuery({
    queryKey: ["personal", props.path, props.query, areaCode, sort, reason],
    queryFn: ({ pageParam }) => read(pageParam, pageSize),
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
    enabled: reason !== null,
    // Names are not kept once nobody looks at them.
    gcTime: 0,
  });
  return (
    <div className={props.level === 2 ? "page-part" : "page"}>
      <header className="page-head">
        <div>
          {props.level === 2 ? <h2>{props.title}</h2> : <h1>{props.title}</h1>}
          <p className="page-intro">{props.intro}</p>
        </div>
        <div className="page-tools">
          {props.level === 2 ? null : <Filters />}
          <div className="page-actions">
            {props.actions}
            {reason === null ? null : (
              <ListTools<T>
                columns={props.columns}
                hidden={hidden}
                onHidden={setHidden}
                out={{
                  title: props.title,
                  columns: shown,
                  rowKey: props.rowKey,
                  read,
                  note: t("list.export.purpose", { reason }),
                }}
              />
            )}
          </div>
        </div>
      </header>
      {list.data ? (
        <>
          <Rows<T>
            columns={shown}
            rows={list.data.pages.flatMap(({ items }) => [...items])}
            rowKey={props.rowKey}
            label={props.title}
            empty={props.empty}
            sort={{ asked: sort, usual: props.usual, onSort: setSort }}
          />
          {list.hasNextPage ? (
            <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t("common.page.more")}
            </Button>
          ) : null}
        </>
      ) : null}
      {reason !== null && list.isFetching && !list.data ? <Waiting rows={6} /> : null}
      {reason !== null && list.error ? <ProblemNotice error={list.error} retry={() => void list.refetch()} /> : null}
      {reason === null ? <PurposeForm busy={false} error={null} onAsk={setReason} /> : null}
    </div>
  );
}
