import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { DemandRow } from "#domain/supplies";
import { wordFor } from "#web/i18n";
import { ListPage, type ListQuery } from "#webx/list";
import type { Column } from "#webx/rows";

/** The forecast knows areas only; it has one page. */
function spell(query: ListQuery): ListQuery {
  return { areaCode: query["areaCode"] };
}

/** What the test plan and the people in quarantine will take in the days ahead, and what is missing. */
export function DemandTab(): ReactNode {
  const { t, i18n } = useTranslation();
  const en = i18n.language === "en";
  const columns: Column<DemandRow>[] = [
    { title: t("supplies.item"), key: "item", fixed: "left", render: (_, row) => (en ? row.itemNameEn : row.itemName) },
    { title: t("supplies.demand.need"), dataIndex: "demand", align: "right" },
    { title: t("supplies.onHand"), dataIndex: "onHand", align: "right" },
    { title: t("supplies.demand.onTheWay"), dataIndex: "onTheWay", align: "right" },
    {
      title: t("supplies.demand.gap"),
      key: "gap",
      align: "right",
      render: (_, row) => (row.gap > 0 ? <strong className="due-late">{row.gap}</strong> : row.gap),
    },
    { title: t("supplies.unit"), key: "unit", render: (_, row) => (en ? row.unitEn : row.unit) },
    {
      title: t("supplies.demand.why"),
      key: "why",
      render: (_, row) =>
        row.parts
          .filter((part) => part.quantity > 0)
          .map(
            (part) =>
              `${wordFor(t, "supplies.values.driver", part.per)} ${part.count} → ${part.quantity} (${part.rule})`,
          )
          .join("; "),
    },
  ];
  return (
    <ListPage<DemandRow>
      title={t("supplies.demand.title")}
      intro={t("supplies.demand.intro")}
      path="/api/v1/supplies/demand"
      topics={["supplies", "screening", "isolation", "zones"]}
      columns={columns}
      rowKey="item"
      level={2}
      spell={spell}
      empty={t("supplies.demand.empty")}
    />
  );
}
