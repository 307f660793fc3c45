import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { deliveryStates, type DeliveryRow } from "#domain/supplies";
import { newKey, post } from "#web/api";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Due, StateWord } from "#webx/parts";
import type { Column } from "#webx/rows";

function DeliverySteps(props: { readonly row: DeliveryRow }): ReactNode {
  const { t } = useTranslation();
  const { row } = props;
  const params = { id: row.id };
  if (row.state === "asked")
    return (
      <>
        <OperationButton operation="sendDeliveries" fixed={{ ids: [row.id] }} label={t("supplies.do.send")} primary />
        <OperationButton operation="refuseDelivery" params={params} label={t("supplies.do.refuse")} danger />
      </>
    );
  if (row.state !== "sent") return null;
  return (
    <>
      <OperationButton
        operation="confirmDelivery"
        params={params}
        values={{ signed: true }}
        label={t("supplies.do.confirm")}
        primary
      />
      <OperationButton operation="returnDelivery" params={params} label={t("supplies.do.return")} />
    </>
  );
}

/** What households asked for and whether it is at their door. */
export function DeliveriesTab(): ReactNode {
  const { t, i18n } = useTranslation();
  const en = i18n.language === "en";
  const columns: Column<DeliveryRow>[] = [
    { title: t("supplies.no"), dataIndex: "no", fixed: "left" },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="supplies.values.deliveryState" value={row.state} />,
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("supplies.household"), key: "household", render: (_, row) => `${row.grid} ${row.household}` },
    { title: t("supplies.need"), dataIndex: "need" },
    {
      title: t("supplies.item"),
      key: "lines",
      render: (_, row) =>
        row.lines.map((line) => `${en ? line.itemNameEn : line.itemName} ${line.quantity}`).join("; "),
    },
    { title: t("supplies.dueAt"), key: "due", render: (_, row) => <Due at={row.dueAt} doneAt={row.endedAt} /> },
    { key: "action", render: (_, row) => <DeliverySteps row={row} /> },
  ];
  return (
    <ListPage<DeliveryRow>
      title={t("supplies.deliveries.title")}
      intro={t("supplies.deliveries.intro")}
      path="/api/v1/supplies/deliveries"
      topics={["supplies"]}
      columns={columns}
      rowKey="id"
      level={2}
      states={{ group: "supplies.values.deliveryState", values: deliveryStates }}
      actions={<OperationButton operation="askDelivery" values={{ lines: [{}] }} />}
      bulk={[
        {
          key: "confirm",
          label: t("supplies.do.confirm"),
          operation: "confirmDelivery",
          may: (row) => row.state === "sent",
          name: (row) => row.no,
          send: (row) => post(`/api/v1/supplies/deliveries/${row.id}/confirm`, { signed: true }, { key: newKey() }),
        },
      ]}
      empty={t("supplies.deliveries.empty")}
    />
  );
}
