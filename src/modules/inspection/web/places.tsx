import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { placeTypes, type Checklist, type InspectionTeam, type Place } from "#domain/inspection";
import { get } from "#web/api";
import { currentLanguage, wordFor } from "#web/i18n";
import { areaLabel } from "#webx/area-filter";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { ProblemNotice, Waiting } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";
import type { Column } from "#webx/rows";

const topics = ["inspection"] as const;

/** The places that are inspected. */
export function PlacesList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Place>[] = [
    { title: t("inspection.place"), key: "name", fixed: "left", render: (_, row) => areaLabel(row) },
    { title: t("field.code"), dataIndex: "code" },
    {
      title: t("inspection.placeType"),
      key: "type",
      render: (_, row) => wordFor(t, "inspection.values.placeType", row.placeType),
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("field.venueCode"), key: "code", render: (_, row) => row.venueCode ?? "–" },
  ];
  return (
    <ListPage<Place>
      title={t("inspection.tabs.places")}
      intro={t("inspection.placesIntro")}
      path="/api/v1/inspection/places"
      topics={topics}
      columns={columns}
      rowKey="code"
      filter={{
        name: "placeType",
        label: t("inspection.placeType"),
        group: "inspection.values.placeType",
        values: placeTypes,
      }}
      actions={
        <>
          <OperationButton operation="registerInspectionPlaces" />
          <SheetButtons name="inspection-places" canImport canExport />
        </>
      }
      empty={t("inspection.noPlaces")}
    />
  );
}

/** The inspection teams and how many people each has. */
export function TeamsList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<InspectionTeam>[] = [
    { title: t("inspection.team"), key: "name", fixed: "left", render: (_, row) => areaLabel(row) },
    { title: t("field.code"), dataIndex: "code" },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("field.headcount"), dataIndex: "headcount", align: "right" },
    { title: t("field.members"), key: "members", align: "right", render: (_, row) => row.members.length },
  ];
  return (
    <ListPage<InspectionTeam>
      title={t("inspection.tabs.teams")}
      intro={t("inspection.teamsIntro")}
      path="/api/v1/inspection/teams"
      topics={topics}
      columns={columns}
      rowKey="code"
      actions={
        <>
          <OperationButton operation="registerInspectionTeams" />
          <SheetButtons name="inspection-teams" canImport canExport />
        </>
      }
      empty={t("inspection.noTeams")}
    />
  );
}

/** The lists by which each kind of place is inspected, with deadlines and where each rule stands. */
export function ChecklistsTab(): ReactNode {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ["checklists"],
    queryFn: () => get<{ readonly items: readonly Checklist[] }>("/api/v1/inspection/checklists"),
    staleTime: Infinity,
  });
  if (found.error) return <ProblemNotice error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting rows={8} />;
  return (
    <div className="page">
      <h1>{t("inspection.tabs.checklists")}</h1>
      <p className="page-intro">{t("inspection.checklistsIntro")}</p>
      {found.data.items.map((list) => (
        <details key={`${list.id} ${list.version}`} className="fold">
          <summary>
            {list.title[currentLanguage()]} · {list.version}
          </summary>
          <ChecklistTable list={list} />
        </details>
      ))}
    </div>
  );
}

function ChecklistTable({ list }: { readonly list: Checklist }): ReactNode {
  const { t } = useTranslation();
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{t("inspection.problem")}</th>
          <th scope="col">{t("inspection.severity")}</th>
          <th scope="col">{t("inspection.owner")}</th>
          <th scope="col">{t("inspection.due")}</th>
          <th scope="col">{t("common.rule")}</th>
        </tr>
      </thead>
      <tbody>
        {list.items.map((item) => (
          <tr key={item.id}>
            <th scope="row">{item.text[currentLanguage()]}</th>
            <td>{wordFor(t, "inspection.values.severity", item.severity)}</td>
            <td>{wordFor(t, "enums.team", item.owner)}</td>
            <td>
              {item.fixNow
                ? t("inspection.withinMinutes", { minutes: list.fixNowMinutes })
                : t("inspection.withinHours", { hours: list.deadlines[item.severity] })}
            </td>
            <td>{item.rule}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
