import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { get, withQuery, type Page } from "./api.ts";
import { AreaFilter } from "./area-filter.tsx";
import { useOutbreak } from "./board.ts";
import { HeldList } from "./held-list.tsx";
import { listSearch, type ListSearch } from "./list-search.ts";
import { ProblemNotice, Waiting } from "./parts.tsx";
import type { Column } from "./rows.tsx";

/** Figures of an area as one short table, worked out by the server; the area stands in the address. */
export function FiguresTable<T extends object>(props: {
  readonly title: string;
  readonly intro: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly topics: readonly string[];
  readonly columns: Column<T>[];
  readonly rowKey: (row: T) => string;
  readonly empty: string;
  readonly tools?: ReactNode;
}): ReactNode {
  const search: ListSearch = useSearch({ strict: false });
  const { t } = useTranslation();
  const go = useNavigate();
  const outbreak = useOutbreak();
  const url = withQuery(props.path, { areaCode: search.areaCode, ...props.query });
  const found = useQuery({
    queryKey: ["figures", url],
    queryFn: () => get<Page<T>>(url),
    meta: { topics: props.topics },
  });
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{props.title}</h1>
          <p className="page-intro">{props.intro}</p>
        </div>
        <div className="page-tools" role="search" aria-label={t("common.filter.area")}>
          <AreaFilter
            value={search.areaCode ?? ""}
            cityCode={outbreak?.areaCode ?? ""}
            onChange={(areaCode) => void go({ to: ".", search: listSearch({ ...search, areaCode }) })}
          />
          {props.tools}
        </div>
      </header>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={8} /> : null}
      {found.data ? (
        <HeldList<T>
          name={props.path.split("/").at(-1) ?? ""}
          title={props.title}
          columns={props.columns}
          rows={found.data.items}
          rowKey={props.rowKey}
          empty={props.empty}
          withViews
        />
      ) : null}
    </div>
  );
}
