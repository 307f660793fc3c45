import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { rumourStates, type Rumour } from "#domain/reports";
import { currentLanguage, wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Due, Moment, StateWord } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";
import type { Column } from "#webx/rows";

function RumourActions({ row }: { readonly row: Rumour }): ReactNode {
  const { t } = useTranslation();
  const params = { id: row.id };
  if (row.state === "published" || row.state === "closed") return null;
  return (
    <span className="row-actions">
      <OperationButton operation="checkRumour" params={params} />
      {row.state === "checked" ? (
        <OperationButton operation="signRumour" params={params} confirm={t("publicinfo.do.signConfirm")} primary />
      ) : null}
    </span>
  );
}

/** Rumours with the facts that answer them. */
export function RumoursList(): ReactNode {
  const { t } = useTranslation();
  const language = currentLanguage();
  const columns: Column<Rumour>[] = [
    { title: t("publicinfo.claim"), dataIndex: "claim", key: "claim", fixed: "left", className: "wrap" },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="publicinfo.values.rumourState" value={row.state} />,
    },
    { title: t("publicinfo.due"), key: "due", render: (_, row) => <Due at={row.dueAt} doneAt={row.signedAt} /> },
    {
      title: t("publicinfo.verdict"),
      key: "verdict",
      render: (_, row) => wordFor(t, "publicinfo.values.verdict", row.verdict),
    },
    { title: t("publicinfo.fact"), key: "fact", className: "wrap", render: (_, row) => row.fact?.[language] ?? "–" },
    { title: t("publicinfo.source"), key: "source", render: (_, row) => row.source ?? "–" },
    { title: t("publicinfo.seen"), dataIndex: "seenWhere", key: "seen" },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("publicinfo.recorded"), key: "recorded", render: (_, row) => <Moment at={row.recordedAt} /> },
    { key: "act", render: (_, row) => <RumourActions row={row} /> },
  ];
  return (
    <ListPage<Rumour>
      title={t("publicinfo.tabs.rumours")}
      intro={t("publicinfo.introRumours")}
      path="/api/v1/rumours"
      topics={["reports"]}
      columns={columns}
      rowKey="id"
      states={{ group: "publicinfo.values.rumourState", values: rumourStates }}
      empty={t("publicinfo.emptyRumours")}
      actions={
        <>
          <SheetButtons name="reports-rumours" canImport canExport />
          <OperationButton operation="recordRumour" />
        </>
      }
    />
  );
}
