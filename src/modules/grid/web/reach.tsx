import { useMutation } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { DueReach, Reachable } from "#domain/grid";
import { getFor, withQuery } from "#web/api";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import type { ListSearch } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Moment } from "#webx/parts";
import { PersonalList } from "#webx/personal-list";
import { PurposeForm } from "#webx/purpose";
import { SheetButtons } from "#webx/sheet-buttons";
import { HeldList } from "#webx/held-list";
import type { Column } from "#webx/rows";

type Due = DueReach["items"][number];

/** Who has no door and must be looked for now, by name; the purpose is asked first. */
export function ReachPart(): ReactNode {
  const { t } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const url = withQuery("/api/v1/grid/hard-to-reach/due", { areaCode: search.areaCode });
  const due = useMutation({ mutationFn: (reason: string) => getFor<DueReach>(url, reason) });
  const columns: Column<Due>[] = [
    { title: t("grid.reach.called"), key: "called", fixed: "left", render: (_, row) => row.called },
    { title: t("grid.kind"), key: "kind", render: (_, row) => wordFor(t, "grid.values.reachKind", row.kind) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("grid.reach.place"), key: "place", render: (_, row) => row.usualPlace },
    { title: t("grid.reach.met"), key: "met", render: (_, row) => <Moment at={row.lastMetAt} /> },
    { title: t("grid.reach.tested"), key: "tested", render: (_, row) => <Moment at={row.lastTestedAt} /> },
    {
      title: "",
      key: "record",
      render: (_, row) => <OperationButton operation="recordMeeting" params={{ id: row.id }} />,
    },
  ];
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t("grid.reach.title")}</h1>
          <p className="page-intro">{t("grid.reach.intro")}</p>
        </div>
        <div className="page-actions">
          <OperationButton operation="registerHardToReach" values={{ people: [{}] }} />
          <OperationButton operation="recordOutreach" values={{ meetings: [{}] }} />
          <SheetButtons name="grid-hard-to-reach" canImport canExport personal />
        </div>
      </header>
      {due.data ? (
        <HeldList<Due>
          name="due"
          title={t("grid.reach.title")}
          columns={columns}
          rows={due.data.items}
          rowKey="id"
          empty={t("grid.reach.empty")}
        />
      ) : (
        <PurposeForm busy={due.isPending} error={due.error} onAsk={(reason) => due.mutate(reason)} />
      )}
      <RegisterOf />
    </div>
  );
}

/** Everybody without a door on the register, by name. */
function RegisterOf(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Reachable>[] = [
    { title: t("grid.reach.called"), key: "called", fixed: "left", render: (_, row) => row.called },
    { title: t("grid.kind"), key: "kind", render: (_, row) => wordFor(t, "grid.values.reachKind", row.kind) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("grid.reach.place"), key: "place", render: (_, row) => row.usualPlace },
    { title: t("grid.reach.met"), sortBy: "met", key: "met", render: (_, row) => <Moment at={row.lastMetAt} /> },
    {
      title: t("grid.reach.tested"),
      sortBy: "tested",
      key: "tested",
      render: (_, row) => <Moment at={row.lastTestedAt} />,
    },
    {
      title: "",
      key: "record",
      render: (_, row) => <OperationButton operation="recordMeeting" params={{ id: row.id }} />,
    },
  ];
  return (
    <PersonalList<Reachable>
      title={t("grid.reach.all")}
      intro={t("grid.reach.allIntro")}
      path="/api/v1/grid/hard-to-reach"
      columns={columns}
      rowKey="id"
      level={2}
      empty={t("grid.reach.empty")}
    />
  );
}
