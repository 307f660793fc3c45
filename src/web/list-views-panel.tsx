import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { use, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { SavedView } from "#domain/desk";
import { get, newKey, post, withQuery } from "./api.ts";
import { listSearch, type ListSearch } from "./list-search.ts";
import { ProblemNotice } from "./parts.tsx";
import { say } from "./say.tsx";
import { TabShown } from "./tab-shown.ts";

const nameCharsMax = 60;

/** The kept views of a list, and a way to keep what is shown now. */
export function Views(props: {
  readonly page: string;
  readonly hidden: ReadonlySet<string>;
  readonly onColumns: (hidden: ReadonlySet<string>) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const go = useNavigate();
  const search: ListSearch = useSearch({ strict: false });
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const { page } = props;
  const tab = use(TabShown);
  const url = withQuery("/api/v1/desk/views", { page });
  const found = useQuery({
    queryKey: ["views", page],
    queryFn: () => get<{ readonly items: readonly SavedView[] }>(url),
  });
  const again = async (): Promise<void> => client.invalidateQueries({ queryKey: ["views", page] });
  const saving = useMutation({
    mutationFn: () => {
      const { cursor: _cursor, operation: _operation, ...kept } = search;
      const here = tab === null ? kept : { ...kept, tab: tab.key };
      const body = { page, name: name.trim(), search: here, columns: [...props.hidden], shared };
      return post("/api/v1/desk/views", body, { key: newKey() });
    },
    onSuccess: async () => {
      setName("");
      say(t("list.saved"));
      await again();
    },
  });
  const dropping = useMutation({
    mutationFn: (id: string) => post(`/api/v1/desk/views/${encodeURIComponent(id)}/drop`, {}, { key: newKey() }),
    onSuccess: again,
  });
  const show = (view: SavedView): void => {
    props.onColumns(new Set(view.columns));
    props.onClose();
    void go({ to: ".", search: listSearch(view.search) });
  };
  // The views of a page are those of all its parts; each part shows its own.
  const views = (found.data?.items ?? []).filter((view) =>
    tab === null ? true : (view.search["tab"] ?? (tab.isFirst ? tab.key : "")) === tab.key,
  );
  const error = found.error ?? saving.error ?? dropping.error;
  return (
    <form
      className="view-menu"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") saving.mutate();
      }}
    >
      {error ? <ProblemNotice error={error} /> : null}
      {found.data && views.length === 0 ? <p className="muted">{t("list.noViews")}</p> : null}
      <ul>
        {views.map((view) => (
          <li key={view.id}>
            <button type="button" className="link" onClick={() => show(view)}>
              {view.name}
              {view.own ? "" : ` · ${t("list.sharedBy")}`}
            </button>
            {view.own ? (
              <Button size="small" type="text" onClick={() => dropping.mutate(view.id)}>
                {t("form.takeAway")}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      <input
        className="plain-input"
        maxLength={nameCharsMax}
        aria-label={t("list.viewName")}
        placeholder={t("list.viewName")}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <label className="check">
        <input type="checkbox" checked={shared} onChange={({ target }) => setShared(target.checked)} />
        {t("list.share")}
      </label>
      <Button size="small" htmlType="submit" disabled={name.trim() === ""} loading={saving.isPending}>
        {t("list.saveView")}
      </Button>
    </form>
  );
}
