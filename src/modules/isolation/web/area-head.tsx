import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useOutbreak } from "#web/board";
import { AreaFilter } from "#webx/area-filter";
import { listSearch, type ListSearch } from "#webx/list";

/** The head of a list of this page: what it is, and for which area. */
export function AreaHead(props: {
  readonly title: string;
  readonly intro: string;
  readonly children?: ReactNode;
}): ReactNode {
  const search: ListSearch = useSearch({ strict: false });
  const go = useNavigate();
  const outbreak = useOutbreak();
  return (
    <header className="page-head">
      <div>
        <h1>{props.title}</h1>
        <p className="page-intro">{props.intro}</p>
      </div>
      <div className="page-tools no-print">
        <AreaFilter
          value={search.areaCode ?? ""}
          cityCode={outbreak?.areaCode ?? ""}
          onChange={(areaCode) => {
            const { cursor: _dropped, ...kept } = search;
            void go({ to: ".", search: listSearch({ ...kept, areaCode }) });
          }}
        />
        {props.children}
      </div>
    </header>
  );
}
