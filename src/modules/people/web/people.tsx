import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { PersonCard } from "#domain/people";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { PersonalList } from "#webx/personal-list";
import type { Column } from "#webx/rows";

/** The people of an area by name, for those who say why. */
export function PeopleList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<PersonCard>[] = [
    { title: t("registers.people.name"), key: "name", fixed: "left", render: (_, row) => row.name },
    { title: t("registers.find.person"), key: "id", render: (_, row) => row.id },
    { title: t("registers.find.sex"), key: "sex", render: (_, row) => wordFor(t, "enums.sex", row.sex) },
    { title: t("registers.birth"), key: "birth", render: (_, row) => row.birthDate ?? "–" },
    { title: t("registers.find.last4"), key: "last4", render: (_, row) => row.idLast4 ?? "–" },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
  ];
  return (
    <PersonalList<PersonCard>
      title={t("registers.people.title")}
      intro={t("registers.people.intro")}
      path="/api/v1/people"
      columns={columns}
      rowKey="id"
      empty={t("registers.people.empty")}
    />
  );
}
