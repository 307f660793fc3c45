import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { reopeningStates, type ReopeningStep } from "#domain/command";
import { currentLanguage, wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { Criteria } from "#webx/criteria";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Due, StateWord } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";
import type { Column } from "#webx/rows";

function StepActions({ row }: { readonly row: ReopeningStep }): ReactNode {
  const { t } = useTranslation();
  const params = { id: row.id };
  if (row.state !== "reopened")
    return row.ready ? (
      <OperationButton operation="reopenStep" params={params} confirm={t("orders.do.reopenConfirm")} primary />
    ) : null;
  return (
    <span className="row-actions">
      {row.ready ? null : <OperationButton operation="keepStepOpen" params={params} />}
      <OperationButton operation="suspendStep" params={params} danger />
    </span>
  );
}

/** The staged reopening: what opens when, and which of its conditions hold. */
export function ReopeningList(): ReactNode {
  const { t } = useTranslation();
  const language = currentLanguage();
  const columns: Column<ReopeningStep>[] = [
    { title: t("orders.step"), key: "name", fixed: "left", render: (_, row) => row.name[language] },
    { title: t("orders.batch"), key: "batch", align: "right", render: (_, row) => row.batch },
    { title: t("orders.kind"), key: "kind", render: (_, row) => wordFor(t, "orders.values.step", row.kind) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="orders.values.reopening" value={row.state} />,
    },
    {
      title: t("orders.planned"),
      key: "planned",
      render: (_, row) => <Due at={row.plannedAt} doneAt={row.reopenedAt} />,
    },
    {
      title: t("orders.conditions"),
      key: "conditions",
      render: (_, row) => <Criteria group="orders.values.measure" items={row.criteria} />,
    },
    { key: "act", render: (_, row) => <StepActions row={row} /> },
  ];
  return (
    <ListPage<ReopeningStep>
      title={t("orders.tabs.reopening")}
      intro={t("orders.introReopening")}
      path="/api/v1/reopening"
      topics={["command", "zones", "cases"]}
      columns={columns}
      rowKey="id"
      states={{ group: "orders.values.reopening", values: reopeningStates }}
      empty={t("orders.emptyReopening")}
      actions={
        <>
          <OperationButton operation="planReopening" values={{ steps: [{}] }} />
          <SheetButtons name="command-reopening" canImport canExport />
        </>
      }
    />
  );
}
