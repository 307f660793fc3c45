import type { TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { relayStates, type Relay } from "#domain/command";
import { currentLanguage } from "#web/i18n";
import { ActionButton } from "#webx/action";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { Due, Moment, StateWord } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";
import { PageTabs } from "#webx/tabs";
import { ReopeningList } from "./reopening.tsx";
import { ReviewPanel } from "./review.tsx";

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
  const url = `/api/v1/directive-relays/${row.id}`;
  if (row.state === "relayed")
    return (
      <ActionButton
        label={t("orders.do.receive")}
        title={row.title[currentLanguage()]}
        url={`${url}/receipt`}
        confirm={t("orders.do.receiveConfirm")}
      />
    );
  if (row.state === "received" || row.state === "sentBack")
    return (
      <ActionButton
        label={t("orders.do.report")}
        title={row.title[currentLanguage()]}
        url={`${url}/report`}
        fields={[{ name: "report", label: t("orders.report"), kind: "long", required: true, max: 5_000 }]}
      />
    );
  if (row.state !== "reported") return null;
  return (
    <span className="row-actions">
      <ActionButton
        label={t("orders.do.accept")}
        title={row.title[currentLanguage()]}
        url={`${url}/accept`}
        confirm={row.report ?? ""}
      />
      <ActionButton
        label={t("orders.do.sendBack")}
        title={row.title[currentLanguage()]}
        url={`${url}/send-back`}
        fields={[{ name: "reason", label: t("orders.reason"), kind: "text", required: true, max: 500 }]}
      />
    </span>
  );
}

function RelaysList(): ReactNode {
  const { t } = useTranslation();
  const language = currentLanguage();
  const columns: TableColumnsType<Relay> = [
    { title: t("orders.no"), key: "no", fixed: "left", render: (_, row) => `${row.no} ${row.title[language]}` },
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
      empty={t("orders.empty")}
      actions={
        <>
          <SheetButtons name="command-directives" canExport />
          <ActionButton
            label={t("orders.do.relay")}
            title={t("orders.do.relay")}
            url="/api/v1/directives"
            fixed={{ kind: "above" }}
            confirm={t("orders.do.relayConfirm")}
            fields={[
              { name: "issuedBy", label: t("orders.issuedBy"), kind: "text", required: true, max: 100 },
              { name: "documentNo", label: t("orders.documentNo"), kind: "text", max: 60 },
              { name: "title.zh-CN", label: t("orders.titleZh"), kind: "text", required: true, max: 200 },
              { name: "body.zh-CN", label: t("orders.bodyZh"), kind: "long", required: true, max: 5_000 },
              { name: "title.en", label: t("orders.titleEn"), kind: "text", required: true, max: 200 },
              { name: "body.en", label: t("orders.bodyEn"), kind: "long", required: true, max: 5_000 },
            ]}
          />
        </>
      }
    />
  );
}
