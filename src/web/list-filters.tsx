import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { AreaFilter } from "./area-filter.tsx";
import { useOutbreak } from "./board.ts";
import { Choice } from "./choice.tsx";
import { wordFor } from "./i18n.ts";
import { listSearch, type ListSearch } from "./list-search.ts";

export interface ListFilter {
  /** The query parameter. */
  readonly name: string;
  readonly label: string;
  readonly group: string;
  readonly values: readonly string[];
}

/** The filters of a list, all of them kept in the address. */
export function Filters(props: {
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
  const named = (words: { readonly group: string; readonly values: readonly string[] }) =>
    words.values.map((value) => ({ value, label: wordFor(t, words.group, value) }));
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
          none={t("common.filter.everyState")}
          options={named(states)}
          value={search.state}
          onChange={(state) => set({ state: state ?? "" })}
        />
      ) : null}
      {filter ? (
        <Choice
          label={filter.label}
          none={filter.label}
          options={named(filter)}
          value={search.by}
          onChange={(by) => set({ by: by ?? "" })}
        />
      ) : null}
    </div>
  );
}

/** Takes every filter of the list away; nothing where there is none. */
export function ClearFilters(): ReactNode {
  const { t } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const go = useNavigate();
  const { tab, sort: _sort, operation: _operation, ...filters } = search;
  if (Object.keys(filters).length === 0) return null;
  return (
    <Button size="small" onClick={() => void go({ to: ".", search: tab === undefined ? {} : { tab } })}>
      {t("list.clearFilters")}
    </Button>
  );
}

/** Keyset paging: the server knows only the next page, so the way back is what was walked here. */
export function Pager(props: { readonly shown: number; readonly next: string | null }): ReactNode {
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
