import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Handover, Investigation } from "#domain/tracing";
import { numberText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { ListPage, type ListQuery } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Due, Moment, StateWord } from "#webx/parts";
import type { Column } from "#webx/rows";

/** Contacts offered from county to county, each answered in time. */
export function HandoversList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Handover>[] = [
    {
      title: t("contacts.one"),
      key: "contact",
      fixed: "left",
      render: (_, row) => (
        <Link to="/contacts/$id" params={{ id: row.contactId }}>
          {t("contacts.openContact")}
        </Link>
      ),
    },
    { title: t("contacts.handovers.from"), key: "from", render: (_, row) => <AreaPath code={row.fromArea} /> },
    { title: t("contacts.handovers.to"), key: "to", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("contacts.handovers.note"), key: "note", className: "wrap", render: (_, row) => row.note },
    { title: t("contacts.handovers.offered"), key: "offered", render: (_, row) => <Moment at={row.offeredAt} /> },
    {
      title: t("contacts.handovers.answered"),
      key: "answered",
      render: (_, row) => <Due at={row.dueAt} doneAt={row.answeredAt} />,
    },
    {
      title: "",
      key: "act",
      render: (_, row) =>
        row.answer === null ? (
          <span className="row-actions">
            <OperationButton operation="acceptHandOver" params={{ id: row.id }} primary />
            <OperationButton operation="refuseHandOver" params={{ id: row.id }} danger />
          </span>
        ) : (
          <StateWord group="contacts.answer" value={row.answer} />
        ),
    },
  ];
  return (
    <ListPage<Handover>
      title={t("contacts.tabs.handovers")}
      intro={t("contacts.handovers.intro")}
      path="/api/v1/hand-overs"
      topics={["tracing"]}
      columns={columns}
      rowKey="id"
      spell={openOnly}
      states={{ group: "contacts.handoverState", values: ["open"] }}
      empty={t("contacts.handovers.empty")}
    />
  );
}

/** The list knows only whether an answer is still awaited. */
function openOnly(query: ListQuery): ListQuery {
  const { state, ...rest } = query;
  return { ...rest, open: state === "open" ? "true" : undefined };
}

/** How far the investigation of each case is, and which deadline it keeps. */
export function InvestigationsList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Investigation>[] = [
    {
      title: t("contacts.case"),
      key: "case",
      fixed: "left",
      render: (_, row) => (
        <Link to="/cases/$id" params={{ id: row.caseId }}>
          {t("contacts.openCase")}
        </Link>
      ),
    },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="contacts.investigationState" value={row.state} />,
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("contacts.investigations.core"),
      key: "core",
      render: (_, row) => (row.coreDueAt === null ? "–" : <Due at={row.coreDueAt} doneAt={row.coreDoneAt} />),
    },
    {
      title: t("contacts.investigations.report"),
      key: "report",
      render: (_, row) => (row.reportDueAt === null ? "–" : <Due at={row.reportDueAt} doneAt={row.reportDoneAt} />),
    },
    { title: t("contacts.identified"), key: "identified", render: (_, row) => <Moment at={row.identifiedAt} /> },
    {
      title: t("contacts.investigations.contacts"),
      key: "contacts",
      align: "right",
      render: (_, row) =>
        `${numberText(row.closeFound)} / ${numberText(row.secondaryFound)} / ${numberText(row.generalFound)}`,
    },
  ];
  return (
    <ListPage<Investigation>
      title={t("contacts.tabs.investigations")}
      intro={t("contacts.investigations.intro")}
      path="/api/v1/investigations"
      topics={["tracing"]}
      columns={columns}
      rowKey="id"
      states={{ group: "contacts.investigationState", values: ["open", "done", "cancelled"] }}
      empty={t("contacts.investigations.empty")}
    />
  );
}
