import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { LetterPerson, Worker } from "#domain/inbound";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { StateWord } from "#webx/parts";
import { PersonalList } from "#webx/personal-list";
import type { Column } from "#webx/rows";

/** The people that letters ask about, by name, with what was found of each. */
export function LetterPeople(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<LetterPerson>[] = [
    { title: t("inbound.name"), key: "name", fixed: "left", render: (_, row) => row.name },
    { title: t("inbound.idLast4"), key: "id", render: (_, row) => row.idLast4 ?? "–" },
    { title: t("inbound.reference"), key: "reference", render: (_, row) => `${row.reference} / ${row.line}` },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("inbound.origin"), dataIndex: "origin" },
    { title: t("inbound.leftOn"), dataIndex: "leftOn" },
    {
      title: t("inbound.outcome"),
      key: "outcome",
      render: (_, row) =>
        row.outcome === null ? (
          <OperationButton operation="setLetterOutcome" params={{ id: row.letterId }} fixed={{ line: row.line }} />
        ) : (
          wordFor(t, "inbound.values.letterOutcome", row.outcome)
        ),
    },
  ];
  return (
    <PersonalList<LetterPerson>
      title={t("inbound.letterPeople.title")}
      intro={t("inbound.letterPeople.intro")}
      path="/api/v1/inbound/letter-people"
      columns={columns}
      rowKey="id"
      empty={t("inbound.letterPeople.empty")}
    />
  );
}

/** Who is on exposed posts, the earliest due test first. */
export function Workers(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Worker>[] = [
    { title: t("inbound.workers.person"), key: "person", fixed: "left", render: (_, row) => row.personId },
    { title: t("inbound.workers.post"), dataIndex: "post" },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="inbound.values.worker" value={row.state} />,
    },
    { title: t("inbound.workers.since"), dataIndex: "since" },
    { title: t("inbound.workers.last"), key: "last", render: (_, row) => row.lastTestOn ?? "–" },
    { title: t("inbound.workers.next"), dataIndex: "nextTestOn" },
  ];
  return (
    <ListPage<Worker>
      title={t("inbound.workers.title")}
      intro={t("inbound.workers.intro")}
      path="/api/v1/inbound/workers"
      topics={["inbound"]}
      columns={columns}
      rowKey="personId"
      empty={t("inbound.workers.empty")}
    />
  );
}
