import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Venue } from "#domain/venues";
import { wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { areaLabel } from "#webx/area-names";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import type { Column } from "#webx/rows";

/** The venues that have a code at their door, each with the code to print. */
export function VenuesPage(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Venue>[] = [
    { title: t("venues.name"), key: "name", fixed: "left", render: (_, row) => areaLabel(row) },
    { title: t("venues.code"), dataIndex: "code", key: "code" },
    { title: t("venues.kind"), key: "kind", render: (_, row) => wordFor(t, "venues.values.kind", row.kind) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("venues.capacity"),
      key: "capacity",
      align: "right",
      render: (_, row) => (row.capacity === null ? "–" : numberText(row.capacity)),
    },
    {
      title: "",
      key: "act",
      render: (_, row) => (
        <Button size="small" href={`/api/v1/venues/${row.id}/code.svg`} target="_blank">
          {t("venues.print")}
        </Button>
      ),
    },
  ];
  return (
    <ListPage<Venue>
      title={t("venues.title")}
      intro={t("venues.intro")}
      path="/api/v1/venues"
      topics={["venues"]}
      columns={columns}
      rowKey="id"
      actions={<OperationButton operation="registerVenues" values={{ venues: [{}] }} />}
      empty={t("venues.empty")}
    />
  );
}
