import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Capacity, CapacityRow } from "#domain/isolation";
import { get, withQuery } from "#web/api";
import { wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { FiguresTable } from "#webx/figures-table";
import { Segments } from "#webx/segments";
import type { ListSearch } from "#webx/list";
import { Moment, Panel } from "#webx/parts";
import type { Column } from "#webx/rows";

const groupings = ["county", "kind", "site"] as const;
type Grouping = (typeof groupings)[number];

/** Beds by county, kind or site, and when they run out at the pace of the last days. */
export function CapacityTab(): ReactNode {
  const { t } = useTranslation();
  const [by, setBy] = useState<Grouping>("county");
  const number = (
    key: "sites" | "rooms" | "roomsFree" | "beds" | "inUse" | "reserved" | "cleaning" | "blocked" | "free",
  ) => ({
    title: t(`rooms.capacity.${key}`),
    key,
    align: "right" as const,
    order: (row: CapacityRow) => row[key],
    render: (_: unknown, row: CapacityRow) => numberText(row[key]),
  });
  const columns: Column<CapacityRow>[] = [
    { title: t("rooms.capacity.name"), key: "name", fixed: "left", render: (_, row) => row.name },
    { title: t("rooms.siteKind"), key: "kind", render: (_, row) => wordFor(t, "enums.siteKind", row.kind) },
    number("sites"),
    number("rooms"),
    number("roomsFree"),
    number("beds"),
    number("inUse"),
    number("reserved"),
    number("cleaning"),
    number("blocked"),
    number("free"),
  ];
  return (
    <>
      <Forecasts />
      <FiguresTable<CapacityRow>
        title={t("rooms.capacity.title")}
        intro={t("rooms.capacity.intro")}
        path="/api/v1/capacity"
        query={{ by }}
        topics={["isolation"]}
        columns={columns}
        rowKey={(row) => `${row.key} ${row.kind}`}
        empty={t("rooms.capacity.empty")}
        tools={
          <Segments<Grouping>
            label={t("rooms.capacity.by.label")}
            value={by}
            options={groupings.map((value) => ({ value, label: t(`rooms.capacity.by.${value}`) }))}
            onChange={setBy}
          />
        }
      />
    </>
  );
}

function Forecasts(): ReactNode {
  const { t } = useTranslation();
  const { areaCode }: ListSearch = useSearch({ strict: false });
  const url = withQuery("/api/v1/capacity", { areaCode, by: "kind" });
  const found = useQuery({
    queryKey: ["figures", url],
    queryFn: () => get<Capacity>(url),
    meta: { topics: ["isolation"] },
  });
  if (!found.data) return null;
  return (
    <div className="columns page">
      {found.data.forecast.map((row) => (
        <Panel key={row.kind} title={wordFor(t, "enums.siteKind", row.kind)}>
          <p>{t("rooms.capacity.pace", { free: numberText(row.free), net: row.netPerDay.toFixed(1) })}</p>
          {row.daysLeft === null ? (
            <p className="due-met">{t("rooms.capacity.lasts")}</p>
          ) : (
            <p className="due-late">
              {t("rooms.capacity.left", { days: row.daysLeft.toFixed(1) })} <Moment at={row.runsOutAt} long />
            </p>
          )}
        </Panel>
      ))}
    </div>
  );
}
