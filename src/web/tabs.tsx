import { useNavigate, useSearch } from "@tanstack/react-router";
import { Tabs } from "antd";
import type { ReactNode } from "react";
import { listSearch, type ListSearch } from "./list-search.ts";

/** The parts of a page, one shown at a time and named in the address; another part starts without the filters of this one. */
export function PageTabs(props: {
  readonly tabs: readonly { readonly key: string; readonly label: string; readonly render: () => ReactNode }[];
}): ReactNode {
  const search: ListSearch = useSearch({ strict: false });
  const go = useNavigate();
  const shown = props.tabs.find((tab) => tab.key === search.tab) ?? props.tabs[0];
  const show = (tab: string): void => {
    const { cursor: _cursor, state: _state, by: _by, sort: _sort, ...kept } = search;
    void go({ to: ".", search: listSearch({ ...kept, tab }) });
  };
  return (
    <Tabs
      className="page-tabs"
      activeKey={shown?.key ?? ""}
      onChange={show}
      destroyOnHidden
      items={props.tabs.map((tab) => ({
        key: tab.key,
        label: tab.label,
        children: tab.key === shown?.key ? tab.render() : null,
      }))}
    />
  );
}
