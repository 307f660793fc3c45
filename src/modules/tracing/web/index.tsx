import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { contactClasses } from "#domain/outbreaks";
import { contactStates, type ContactRow } from "#domain/tracing";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { Due, Moment, StateWord } from "#webx/parts";
import { PageTabs } from "#webx/tabs";
import { HandoversList, InvestigationsList } from "./work.tsx";
import type { Column } from "#webx/rows";

/** The page of one contact, fetched when it is opened. */
export async function loadContactPage(): Promise<() => ReactNode> {
  return (await import("./contact.tsx")).ContactPage;
}

/** The page of the chains, with what draws them, fetched when it is opened. */
export async function loadChainsPage(): Promise<() => ReactNode> {
  return (await import("./chains.tsx")).ChainsPage;
}

const placedStates: ReadonlySet<string> = new Set(["placed", "handedOver", "excluded", "released", "converted"]);

function Placing(props: { readonly row: ContactRow }): ReactNode {
  const { row } = props;
  if (row.placedAt) return <Due at={row.dueAt} doneAt={row.placedAt} />;
  if (row.excludedReason) return <>{row.excludedReason}</>;
  if (placedStates.has(row.state)) return <span className="muted">–</span>;
  return <Due at={row.dueAt} />;
}

/** Contacts, what counties hand to one another, and how far each investigation is. */
export function ContactsPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "contacts", label: t("contacts.tabs.contacts"), render: () => <ContactsList /> },
        { key: "handovers", label: t("contacts.tabs.handovers"), render: () => <HandoversList /> },
        { key: "investigations", label: t("contacts.tabs.investigations"), render: () => <InvestigationsList /> },
      ]}
    />
  );
}

/** The contact list: who was exposed, under which rule, and whether they are placed in time. */
function ContactsList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<ContactRow>[] = [
    {
      title: t("contacts.one"),
      key: "one",
      fixed: "left",
      render: (_, row) => (
        <Link to="/contacts/$id" params={{ id: row.id }}>
          {wordFor(t, "enums.contactKind", row.kind)}
        </Link>
      ),
    },
    {
      title: t("contacts.case"),
      key: "case",
      render: (_, row) =>
        row.caseId ? (
          <Link to="/cases/$id" params={{ id: row.caseId }}>
            {row.caseNumber ?? t("contacts.openCase")}
          </Link>
        ) : (
          "–"
        ),
    },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="enums.contactState" value={row.state} />,
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("contacts.setting"), key: "setting", render: (_, row) => wordFor(t, "enums.setting", row.setting) },
    { title: t("common.rule"), key: "rule", render: (_, row) => (row.ruleId ? <code>{row.ruleId}</code> : "–") },
    { title: t("contacts.lastExposure"), key: "exposure", render: (_, row) => <Moment at={row.lastExposureAt} /> },
    {
      title: t("contacts.identified"),
      key: "identified",
      sortBy: "identified",
      render: (_, row) => <Moment at={row.identifiedAt} />,
    },
    { title: t("contacts.placing"), key: "placing", render: (_, row) => <Placing row={row} /> },
  ];
  return (
    <ListPage<ContactRow>
      title={t("contacts.title")}
      intro={t("contacts.intro")}
      path="/api/v1/contacts"
      usual="-identified"
      topics={["tracing", "contacts", "isolation"]}
      columns={columns}
      rowKey="id"
      states={{ group: "enums.contactState", values: contactStates }}
      filter={{ name: "kind", label: t("contacts.kind"), group: "enums.contactKind", values: contactClasses }}
      empty={t("contacts.empty")}
    />
  );
}
