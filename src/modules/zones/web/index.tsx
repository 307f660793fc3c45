import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { zoneStates, type ZoneRow } from "#domain/zones";
import { wordFor } from "#web/i18n";
import { useSession } from "#web/session";
import { areaLabel } from "#webx/area-filter";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Moment, RiskMark, StateWord } from "#webx/parts";
import type { Column } from "#webx/rows";

/** The page of one zone, fetched when it is opened. */
export async function loadZonePage(): Promise<() => ReactNode> {
  return (await import("./zone.tsx")).ZonePage;
}

/** The page of drawing zones by villages, with its map, fetched when it is opened. */
export async function loadDrawPage(): Promise<() => ReactNode> {
  return (await import("./draw.tsx")).DrawPage;
}

const levels = ["high", "medium", "low"] as const;

/** Risk zones: level, since when, clean days, and what stands between them and the next level down. */
export function ZonesPage(): ReactNode {
  const { t } = useTranslation();
  const session = useSession();
  const columns: Column<ZoneRow>[] = [
    {
      title: t("zones.name"),
      key: "name",
      fixed: "left",
      render: (_, row) => (
        <Link to="/zones/$id" params={{ id: row.id }}>
          {areaLabel(row)}
        </Link>
      ),
    },
    { title: t("zones.level"), sortBy: "level", key: "level", render: (_, row) => <RiskMark level={row.level} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="enums.zoneState" value={row.state} />,
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("zones.unit"), key: "unit", render: (_, row) => wordFor(t, "enums.unit", row.unit) },
    { title: t("zones.since"), sortBy: "since", key: "since", render: (_, row) => <Moment at={row.since} /> },
    { title: t("zones.cleanDays"), key: "clean", align: "right", render: (_, row) => row.cleanDays ?? "–" },
    { title: t("zones.nextLift"), key: "lift", render: (_, row) => <Moment at={row.nextLift} /> },
  ];
  return (
    <ListPage<ZoneRow>
      title={t("zones.title")}
      intro={t("zones.intro")}
      path="/api/v1/zones"
      topics={["zones", "cases"]}
      columns={columns}
      rowKey="id"
      states={{ group: "enums.zoneState", values: zoneStates }}
      filter={{ name: "level", label: t("zones.level"), group: "enums.risk", values: levels }}
      actions={
        <>
          {session?.permissions.includes("zones.zone.write") ? (
            <Link to="/zones/draw" className="plain-main tool-link">
              {t("zones.draw.onMap")}
            </Link>
          ) : null}
          <OperationButton operation="drawZone" />
          <OperationButton operation="proposeZones" values={{ places: [{}] }} />
        </>
      }
      empty={t("zones.empty")}
    />
  );
}
