import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { relayStates, type Relay } from "#domain/command";
import { currentLanguage } from "#web/i18n";
import { newKey, post } from "#web/api";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Due, Moment, StateWord } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";
import { PageTabs } from "#webx/tabs";
import { DirectiveButton } from "./directive.tsx";
import { ReopeningList } from "./reopening.tsx";
import { ReviewPanel } from "./review.tsx";
import type { Column } from "#webx/rows";

/** Directives with each county's receipt and report, the reopening plan, the review of the whole outbreak. */
export function OrdersPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "directives", label: t("orders.tabs.directives"), render: () => <RelaysList /> },
        { key: "reopening", label: t("orders.tabs.reopening"), render: () => <ReopeningList /> },
        { key: "review", label: t("orders.tabs.review"), render: () => <ReviewPanel /> },
      ]}
    />
  );
}

function RelayActions({ row }: { readonly row: Relay }): ReactNode {
  const { t } = useTranslation();
  const params = { id: row.id };
  if (row.state === "relayed")
    return (
      <OperationButton
        operation="acknowledgeDirective"
        params={params}
        confirm={t("orders.do.receiveConfirm")}
        primary
      />
    );
  if (row.state === "received" || row.state === "sentBack")
    return <OperationButton operation="reportDirective" params={params} primary />;
  if (row.state !== "reported") return null;
  return (
    <span className="row-actions">
      <OperationButton operation="acceptDirectiveReport" params={params} confirm={row.report ?? ""} primary />
      <OperationButton operation="sendDirectiveReportBack" params={params} danger />
    </span>
  );
}

function RelaysList(): ReactNode {
  const { t } = useTranslation();
  const language = currentLanguage();
  const columns: Column<Relay>[] = [
    {
      title: t("orders.no"),
      key: "no",
      fixed: "left",
      render: (_, row) => <DirectiveButton id={row.directiveId} label={`${row.no} ${row.title[language]}`} />,
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="orders.values.relay" value={row.state} />,
    },
    {
      title: t("orders.receipt"),
      key: "receipt",
      render: (_, row) => <Due at={row.receiptDueAt} doneAt={row.receivedAt} />,
    },
    {
      title: t("orders.report"),
      key: "report",
      render: (_, row) => <Due at={row.reportDueAt} doneAt={row.reportedAt} />,
    },
    { title: t("orders.accepted"), key: "accepted", render: (_, row) => <Moment at={row.acceptedAt} /> },
    { title: t("orders.sentBack"), key: "sentBack", align: "right", render: (_, row) => row.sentBack },
    { key: "act", render: (_, row) => <RelayActions row={row} /> },
  ];
  return (
    <ListPage<Relay>
      title={t("orders.tabs.directives")}
      intro={t("orders.intro")}
      path="/api/v1/directive-relays"
      topics={["command"]}
      columns={columns}
      rowKey="id"
      states={{ group: "orders.values.relay", values: relayStates }}
      bulk={[
        {
          key: "receipt",
          operation: "acknowledgeDirective",
          may: (row) => row.state === "relayed",
          name: (row) => `${row.no} ${row.title[language]}`,
          send: (row) => post(`/api/v1/directive-relays/${row.id}/receipt`, {}, { key: newKey() }),
        },
      ]}
      empty={t("orders.empty")}
      actions={
        <>
          <SheetButtons name="command-directives" canExport />
          <OperationButton operation="relayDirective" confirm={t("orders.do.relayConfirm")} primary />
        </>
      }
    />
  );
}
