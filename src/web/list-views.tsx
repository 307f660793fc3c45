import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { App, Button, Checkbox, Input, Popover } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { SavedView } from "#domain/desk";
import { get, newKey, post, withQuery } from "./api.ts";
import { listSearch, type ListSearch } from "./list-search.ts";
import { ProblemNotice } from "./parts.tsx";
import { useSession } from "./session.ts";

const nameCharsMax = 60;

/** Filters and columns under a name: one's own, and those that colleagues share. */
export function ViewMenu(props: {
  readonly place: string;
  readonly hidden: ReadonlySet<string>;
  readonly onColumns: (hidden: ReadonlySet<string>) => void;
}): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const may = useSession()?.permissions.includes("desk.view.write") === true;
  if (!may) return null;
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      content={open ? <Views {...props} onClose={() => setOpen(false)} /> : null}
    >
      <Button size="small">{t("list.views")}</Button>
    </Popover>
  );
}

function Views(props: {
  readonly place: string;
  readonly hidden: ReadonlySet<string>;
  readonly onColumns: (hidden: ReadonlySet<string>) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const go = useNavigate();
  const search: ListSearch = useSearch({ strict: false });
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const page = props.place.split("/").slice(0, 2).join("/");
  const url = withQuery("/api/v1/desk/views", { page });
  const found = useQuery({
    queryKey: ["views", page],
    queryFn: () => get<{ readonly items: readonly SavedView[] }>(url),
  });
  const again = async (): Promise<void> => client.invalidateQueries({ queryKey: ["views", page] });
  const saving = useMutation({
    mutationFn: () => {
      const { cursor: _cursor, operation: _operation, ...kept } = search;
      const body = { page, name: name.trim(), search: kept, columns: [...props.hidden], shared };
      return post("/api/v1/desk/views", body, { key: newKey() });
    },
    onSuccess: async () => {
      setName("");
      void message.success(t("list.saved"));
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
  const error = found.error ?? saving.error ?? dropping.error;
  return (
    <div className="view-menu">
      {error ? <ProblemNotice error={error} /> : null}
      {found.data?.items.length === 0 ? <p className="muted">{t("list.noViews")}</p> : null}
      <ul>
        {(found.data?.items ?? []).map((view) => (
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
      <Input
        size="small"
        maxLength={nameCharsMax}
        aria-label={t("list.viewName")}
        placeholder={t("list.viewName")}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onPressEnter={() => (name.trim() === "" ? undefined : saving.mutate())}
      />
      <Checkbox checked={shared} onChange={({ target }) => setShared(target.checked)}>
        {t("list.share")}
      </Checkbox>
      <Button size="small" disabled={name.trim() === ""} loading={saving.isPending} onClick={() => saving.mutate()}>
        {t("list.saveView")}
      </Button>
    </div>
  );
}
