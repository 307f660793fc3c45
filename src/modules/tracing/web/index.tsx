import { Link } from "@tanstack/react-router";
import type { TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { wordFor } from "#web/i18n";
import { ListPage } from "#webx/list";
import { Due, Moment, StateWord } from "#webx/parts";

/** The fields of a contact that the list shows; the API's own schema names them. */
interface ContactRow {
  readonly id: string;
  readonly caseId: string | null;
  readonly caseNumber?: string | null;
  readonly areaCode: string;
  readonly areaName?: string | null;
  readonly kind: string;
  readonly setting?: string | null;
  readonly ruleId?: string | null;
  readonly lastExposureAt: string | null;
  readonly identifiedAt: string | null;
  readonly dueAt: string | null;
  readonly placedAt?: string | null;
  readonly state: string;
  readonly excludedReason?: string | null;
}

const states = ["identified", "ordered", "placed", "handedOver", "excluded", "released", "converted"] as const;
const kinds = ["close", "secondary", "general"] as const;
const placedStates: ReadonlySet<string> = new Set(["placed", "handedOver", "excluded", "released", "converted"]);

function Placing(props: { readonly row: ContactRow }): ReactNode {
  const { t } = useTranslation();
  const { row } = props;
  if (row.placedAt) return <Due at={row.dueAt} doneAt={row.placedAt} />;
  if (row.excludedReason) return <>{wordFor(t, "enums.excludedReason", row.excludedReason)}</>;
  if (placedStates.has(row.state)) return <span className="muted">–</span>;
  return <Due at={row.dueAt} />;
}

/** The contact list: who was exposed, under which rule, and whether they are placed in time. */
export function ContactsPage(): ReactNode {
  const { t } = useTranslation();
  const columns: TableColumnsType<ContactRow> = [
    {
      title: t("contacts.case"),
      key: "case",
      fixed: "left",
      render: (_, row) =>
        row.caseId ? (
          <Link to="/cases/$id" params={{ id: row.caseId }}>
            {row.caseNumber ?? t("contacts.openCase")}
          </Link>
        ) : (
          "–"
        ),
    },
    { title: t("contacts.kind"), key: "kind", render: (_, row) => wordFor(t, "enums.contactKind", row.kind) },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="enums.contactState" value={row.state} />,
    },
    { title: t("common.area"), key: "area", render: (_, row) => row.areaName ?? row.areaCode },
    { title: t("contacts.setting"), key: "setting", render: (_, row) => wordFor(t, "enums.setting", row.setting) },
    { title: t("common.rule"), key: "rule", render: (_, row) => (row.ruleId ? <code>{row.ruleId}</code> : "–") },
    { title: t("contacts.lastExposure"), key: "exposure", render: (_, row) => <Moment at={row.lastExposureAt} /> },
    { title: t("contacts.identified"), key: "identified", render: (_, row) => <Moment at={row.identifiedAt} /> },
    { title: t("contacts.placing"), key: "placing", render: (_, row) => <Placing row={row} /> },
  ];
  return (
    <ListPage<ContactRow>
      title={t("contacts.title")}
      intro={t("contacts.intro")}
      path="/api/v1/contacts"
      topics={["tracing", "contacts", "isolation"]}
      columns={columns}
      rowKey="id"
      states={{ group: "enums.contactState", values: states }}
      filter={{ name: "kind", label: t("contacts.kind"), group: "enums.contactKind", values: kinds }}
      empty={t("contacts.empty")}
    />
  );
}
