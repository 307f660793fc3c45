import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Select, Table, type TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { get, withQuery, type Page } from "./api.ts";
import { AreaFilter } from "./area-filter.tsx";
import { useOutbreak } from "./board.ts";
import { wordFor } from "./i18n.ts";
import { listSearch, type ListSearch } from "./list-search.ts";
import { Nothing, ProblemNotice, Waiting } from "./parts.tsx";

export { listSearch, type ListSearch };

export type ListQuery = Readonly<Record<string, string | undefined>>;

export interface ListFilter {
  /** The query parameter. */
  readonly name: string;
  readonly label: string;
  readonly group: string;
  readonly values: readonly string[];
}

const pageSize = 50;

/** A work list: filters in the address, one page of rows from the server, and what to do when empty. */
export function ListPage<T extends object>(props: {
  readonly title: string;
  readonly intro: string;
  readonly path: string;
  readonly topics: readonly string[];
  readonly columns: TableColumnsType<T>;
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
}): ReactNode {
  const { t, i18n } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const asked: ListQuery = {
    areaCode: search.areaCode,
    state: search.state,
    caseId: search.caseId,
    cursor: search.cursor,
    limit: String(pageSize),
    ...(props.filter && search.by ? { [props.filter.name]: search.by } : {}),
  };
  const url = withQuery(props.path, props.spell ? props.spell(asked) : asked);
  const list = useQuery({
    queryKey: ["list", url, i18n.language],
    queryFn: () => get<Page<T>>(url),
    placeholderData: keepPreviousData,
    meta: { topics: props.topics },
  });
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
          {props.actions ? <div className="page-actions">{props.actions}</div> : null}
        </div>
      </header>
      {list.error ? <ProblemNotice error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isPending ? <Waiting rows={10} /> : null}
      {list.data ? (
        <>
          <Table<T>
            size="small"
            className="rows"
            columns={props.columns}
            dataSource={[...list.data.items]}
            rowKey={props.rowKey}
            pagination={false}
            scroll={{ x: "max-content" }}
            locale={{ emptyText: <Nothing text={props.empty} /> }}
          />
          <Pager shown={list.data.items.length} next={list.data.next} />
        </>
      ) : null}
      <span className="sr-only" aria-live="polite">
        {list.data ? t("common.page.shown", { shown: list.data.items.length }) : ""}
      </span>
    </div>
  );
}

function Filters(props: {
  readonly states?: { readonly group: string; readonly values: readonly string[] };
  readonly filter?: ListFilter;
}): ReactNode {
  const { t } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const go = useNavigate();
  const outbreak = useOutbreak();
  const { states, filter } = props;
  // A new filter starts at the first page: a cursor belongs to the rows it was made from.
  const set = (change: ListSearch): void => {
    const { cursor: _dropped, ...kept } = search;
    void go({ to: ".", search: listSearch({ ...kept, ...change }) });
  };
  return (
    <div className="filters" role="search">
      <AreaFilter
        value={search.areaCode ?? ""}
        cityCode={outbreak?.areaCode ?? ""}
        onChange={(areaCode) => set({ areaCode })}
      />
      {states ? (
        <Choice
          label={t("common.filter.state")}
          every={t("common.filter.everyState")}
          group={states.group}
          values={states.values}
          value={search.state}
          onChange={(state) => set({ state })}
        />
      ) : null}
      {filter ? (
        <Choice
          label={filter.label}
          every={filter.label}
          group={filter.group}
          values={filter.values}
          value={search.by}
          onChange={(by) => set({ by })}
        />
      ) : null}
    </div>
  );
}

function Choice(props: {
  readonly label: string;
  readonly every: string;
  readonly group: string;
  readonly values: readonly string[];
  readonly value: string | undefined;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Select<string>
      className="filter-choice"
      aria-label={props.label}
      placeholder={props.every}
      allowClear
      popupMatchSelectWidth={false}
      {...(props.value === undefined ? {} : { value: props.value })}
      options={props.values.map((value) => ({ value, label: wordFor(t, props.group, value) }))}
      onChange={(value: string | undefined) => props.onChange(value ?? "")}
    />
  );
}

/** Keyset paging: the server knows only the next page, so the way back is what was walked here. */
function Pager(props: { readonly shown: number; readonly next: string | null }): ReactNode {
  const { t } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const go = useNavigate();
  const [walked, setWalked] = useState<readonly (string | undefined)[]>([]);
  const show = (cursor: string | undefined): void => {
    const { cursor: _dropped, ...kept } = search;
    void go({ to: ".", search: listSearch({ ...kept, cursor }) });
  };
  const onNext = (): void => {
    setWalked([...walked, search.cursor]);
    show(props.next ?? undefined);
  };
  const onBack = (): void => {
    show(walked.at(-1));
    setWalked(walked.slice(0, -1));
  };
  const first = search.cursor === undefined;
  if (first && props.next === null) {
    return <p className="pager muted">{t("common.page.all", { shown: props.shown })}</p>;
  }
  return (
    <nav className="pager" aria-label={t("common.page.label")}>
      <span className="muted">{t("common.page.shown", { shown: props.shown })}</span>
      <Button size="small" disabled={first} onClick={onBack}>
        {walked.length > 0 || first ? t("common.page.back") : t("common.page.first")}
      </Button>
      <Button size="small" disabled={props.next === null} onClick={onNext}>
        {t("common.page.next")}
      </Button>
    </nav>
  );
}
