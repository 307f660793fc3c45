import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RequestRow } from "#domain/supplies";
import { ActionButton } from "#webx/action";

/** The next step of a request; the server refuses whoever may not take it. */
export function RequestSteps(props: { readonly row: RequestRow }): ReactNode {
  const { t } = useTranslation();
  const { row } = props;
  const url = `/api/v1/supplies/requests/${encodeURIComponent(row.id)}`;
  switch (row.state) {
    case "asked":
      return (
        <>
          <ActionButton
            label={t("supplies.do.approve")}
            title={t("supplies.do.approve")}
            url={`${url}/decide`}
            fixed={{ lines: row.lines.map((line) => ({ item: line.item, quantity: line.asked })) }}
            confirm={t("supplies.confirm.approve")}
          />
          <ActionButton
            label={t("supplies.do.refuse")}
            title={t("supplies.do.refuse")}
            url={`${url}/decide`}
            fixed={{ lines: [] }}
            danger
            fields={[{ name: "decision", label: t("supplies.reason"), kind: "long", required: true, max: 500 }]}
          />
        </>
      );
    case "approved":
    case "partly":
      return (
        <ActionButton
          label={t("supplies.do.allocate")}
          title={t("supplies.do.allocate")}
          url={`${url}/allocate`}
          fields={[{ name: "warehouse", label: t("supplies.warehouseCode"), kind: "text", required: true, max: 40 }]}
        />
      );
    case "allocated":
      return (
        <ActionButton
          label={t("supplies.do.dispatch")}
          title={t("supplies.do.dispatch")}
          url={`${url}/dispatch`}
          fields={[
            { name: "vehicle", label: t("supplies.vehicle"), kind: "text", required: true, max: 40 },
            { name: "dueAt", label: t("supplies.dueAt"), kind: "moment" },
          ]}
        />
      );
    case "dispatched":
      return (
        <ActionButton
          label={t("supplies.do.receiveWhole")}
          title={t("supplies.do.receiveWhole")}
          url={`${url}/receive`}
          fixed={{ differences: [] }}
          confirm={t("supplies.confirm.receive")}
        />
      );
    case "received":
      return (
        <ActionButton
          label={t("supplies.do.settle")}
          title={t("supplies.do.settle")}
          url={`${url}/settle`}
          fields={[{ name: "settlement", label: t("supplies.settlement"), kind: "long", required: true, max: 500 }]}
        />
      );
    case "refused":
    case "closed":
      return null;
  }
}
