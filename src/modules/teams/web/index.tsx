import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { memberKinds, memberStates, teamKinds, type Mobilisation, type Mobilised } from "#domain/teams";
import { get, withQuery } from "#web/api";
import { wordFor } from "#web/i18n";
import { ProblemNotice, Waiting } from "#webx/parts";
import { PageTabs } from "#webx/tabs";
import { CallUps, Exposures, Needs, Shifts } from "./duty.tsx";
import { Members, Posts, Teams, Volunteers } from "./register.tsx";
import { HeldList } from "#webx/held-list";
import type { Column } from "#webx/rows";

/** The page of one member, fetched when it is opened. */
export async function loadMemberPage(): Promise<() => ReactNode> {
  return (await import("./member.tsx")).MemberPage;
}

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

/** Who is mobilised, area by area: people by kind and state, teams by kind, posts. */
function Mobilisations(): ReactNode {
  const { t, i18n } = useTranslation();
  const search: { readonly areaCode?: string } = useSearch({ strict: false });
  const url = withQuery("/api/v1/team-mobilisation", { areaCode: search.areaCode });
  const found = useQuery({
    queryKey: ["mobilisation", url, i18n.language],
    queryFn: () => get<Mobilisation>(url),
    meta: { topics: ["teams"] },
  });
  if (found.error) return <ProblemNotice error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting rows={8} />;
  const count = (title: string, key: string, of: (row: Mobilised) => number) => ({
    title,
    key,
    align: "right" as const,
    order: of,
    render: (_: unknown, row: Mobilised) => of(row).toLocaleString(i18n.language),
  });
  const columns: Column<Mobilised>[] = [
    { title: t("common.area"), key: "area", fixed: "left", dataIndex: "areaName" },
    ...memberKinds.map((kind) =>
      count(wordFor(t, "teams.values.memberKind", kind), kind, (row) => row.members[kind] ?? 0),
    ),
    count(t("teams.reportingHome"), "home", (row) => row.reportingHome),
    ...memberStates.map((state) =>
      count(wordFor(t, "teams.values.memberState", state), state, (row) => row.states[state] ?? 0),
    ),
    ...teamKinds.map((kind) => count(wordFor(t, "teams.values.teamKind", kind), kind, (row) => row.teams[kind] ?? 0)),
    count(t("teams.posts"), "posts", (row) => sum(row.posts)),
    count(t("teams.postsHeld"), "held", (row) => row.postsHeld),
  ];
  const { total, areas } = found.data;
  return (
    <HeldList<Mobilised>
      name="areas"
      title={t("teams.mobilised")}
      columns={columns}
      rows={areas.length === 1 && areas[0]?.areaCode === total.areaCode ? areas : [total, ...areas]}
      rowKey="areaCode"
      empty={t("teams.membersEmpty")}
      withViews
    />
  );
}

/** The people on the line: mobilisation, call-ups, needs, shifts, and the registers behind them. */
export function TeamsPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t("teams.title")}</h1>
          <p className="page-intro">{t("teams.intro")}</p>
        </div>
      </header>
      <PageTabs
        tabs={[
          { key: "mobilised", label: t("teams.mobilised"), render: () => <Mobilisations /> },
          { key: "callUps", label: t("teams.callUps"), render: () => <CallUps /> },
          { key: "needs", label: t("teams.needs"), render: () => <Needs /> },
          { key: "shifts", label: t("teams.shifts"), render: () => <Shifts /> },
          { key: "members", label: t("teams.members"), render: () => <Members /> },
          { key: "teams", label: t("teams.teams"), render: () => <Teams /> },
          { key: "posts", label: t("teams.posts"), render: () => <Posts /> },
          { key: "volunteers", label: t("teams.volunteers"), render: () => <Volunteers /> },
          { key: "exposures", label: t("teams.exposures"), render: () => <Exposures /> },
        ]}
      />
    </div>
  );
}
