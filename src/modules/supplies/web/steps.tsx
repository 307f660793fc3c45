import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RequestRow } from "#domain/supplies";
import { OperationButton } from "#webx/operation";

/** The next step of a request; the server refuses whoever may not take it. */
export function RequestSteps(props: { readonly row: RequestRow }): ReactNode {
  const { t } = useTranslation();
  const { row } = props;
  const params = { id: row.id };
  switch (row.state) {
    case "asked": {
      const lines = row.lines.map((line) => ({ item: line.item, quantity: line.asked }));
      return (
        <>
          <OperationButton
            operation="decideSupplyRequest"
            params={params}
            fixed={{ lines }}
            only={[]}
            label={t("supplies.do.approve")}
            confirm={t("supplies.confirm.approve")}
            primary
          />
          <OperationButton
            operation="decideSupplyRequest"
            params={params}
            values={{ lines }}
            label={t("supplies.do.approvePart")}
          />
          <OperationButton
            operation="decideSupplyRequest"
            params={params}
            fixed={{ lines: [] }}
            label={t("supplies.do.refuse")}
            danger
          />
        </>
      );
    }
    case "approved":
    case "partly":
      return (
        <OperationButton operation="allocateSupplyRequest" params={params} label={t("supplies.do.allocate")} primary />
      );
    case "allocated":
      return (
        <OperationButton operation="dispatchSupplyRequest" params={params} label={t("supplies.do.dispatch")} primary />
      );
    case "dispatched":
      return (
        <OperationButton
          operation="receiveSupplyRequest"
          params={params}
          fixed={{ differences: [] }}
          label={t("supplies.do.receiveWhole")}
          confirm={t("supplies.confirm.receive")}
          primary
        />
      );
    case "received":
      return (
        <OperationButton operation="settleSupplyRequest" params={params} label={t("supplies.do.settle")} primary />
      );
    case "refused":
    case "closed":
      return null;
  }
}
