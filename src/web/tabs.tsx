import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { listSearch, type ListSearch } from "./list-search.ts";
import { TabShown } from "./tab-shown.ts";

/** The parts of a page, one shown at a time and named in the address; another part starts without the filters of this one. */
export function PageTabs(props: {
  readonly tabs: readonly { readonly key: string; readonly label: string; readonly render: () => ReactNode }[];
}): ReactNode {
  const search: ListSearch = useSearch({ strict: false });
  const go = useNavigate();
  const id = useId();
  const row = useRef<HTMLDivElement>(null);
  const { tabs } = props;
  const shown = tabs.find((tab) => tab.key === search.tab) ?? tabs[0];
  const show = (tab: string): void => {
    const { cursor: _cursor, state: _state, by: _by, sort: _sort, ...kept } = search;
    void go({ to: ".", search: listSearch({ ...kept, tab }) });
  };
  // On a narrow screen the part that is shown may lie beyond the edge of the row.
  useEffect(() => {
    const tab = row.current?.querySelector<HTMLElement>("[aria-selected=true]");
    if (row.current && tab) row.current.scrollLeft = tab.offsetLeft - (row.current.clientWidth - tab.clientWidth) / 2;
  }, [shown?.key]);
  // The arrow keys go from part to part, the Tab key on into the part that is shown.
  const onKey = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = tabs.findIndex((tab) => tab === shown);
    const next = by === undefined ? undefined : tabs.at((at + by) % tabs.length);
    if (!next) return;
    event.preventDefault();
    show(next.key);
    row.current?.querySelector<HTMLElement>(`[data-tab="${next.key}"]`)?.focus();
  };
  return (
    <div className="page-tabs">
      <div className="tab-row" role="tablist" ref={row} onKeyDown={onKey}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            id={`${id}-${tab.key}`}
            data-tab={tab.key}
            type="button"
            role="tab"
            aria-selected={tab === shown}
            {...(tab === shown ? { "aria-controls": `${id}-part` } : {})}
            tabIndex={tab === shown ? 0 : -1}
            onClick={() => show(tab.key)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div id={`${id}-part`} role="tabpanel" aria-labelledby={`${id}-${shown?.key ?? ""}`} key={shown?.key}>
        <TabShown value={shown ? { key: shown.key, isFirst: shown === tabs[0] } : null}>{shown?.render()}</TabShown>
      </div>
    </div>
  );
}
