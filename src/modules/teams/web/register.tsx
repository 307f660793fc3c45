import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import {
  memberKinds,
  memberStates,
  postKinds,
  teamKinds,
  volunteerStates,
  type MemberRow,
  type PostRow,
  type TeamRow,
  type VolunteerRow,
} from "#domain/teams";
import { newKey, post } from "#web/api";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import type { BulkAction } from "#webx/list-bulk";
import { OperationButton } from "#webx/operation";
import { Moment, StateWord } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";
import { useMay } from "./may.ts";
import { MemberLink } from "./member-link.tsx";
import type { Column } from "#webx/rows";

const topics = ["teams"];
const minutesPerHour = 60;

/** What several members who are called up answer at once. */
function answer(key: string, label: string, coming: boolean): BulkAction<MemberRow> {
  return {
    key,
    label,
    operation: "answerTeamCallUp",
    may: (row) => row.state === "calledUp",
    name: (row) => row.code,
    send: (row) =>
      post("/api/v1/team-call-ups/answers", { answers: [{ memberCode: row.code, coming }] }, { key: newKey() }),
  };
}

/** Members with their state, team and hours; names covered. */
export function Members(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const columns: Column<MemberRow>[] = [
    {
      title: t("teams.code"),
      sortBy: "code",
      key: "code",
      fixed: "left",
      render: (_, row) => <MemberLink id={row.id} code={row.code} />,
    },
    { title: t("teams.person"), key: "name", dataIndex: "name" },
    { title: t("teams.kind"), key: "kind", render: (_, row) => wordFor(t, "teams.values.memberKind", row.kind) },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="teams.values.memberState" value={row.state} />,
    },
    { sortBy: "area", title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("teams.skills"),
      key: "skills",
      render: (_, row) => row.skills.map((skill) => wordFor(t, "teams.values.skill", skill)).join(" · ") || "–",
    },
    { title: t("teams.team"), key: "team", render: (_, row) => row.teamCode ?? "–" },
    {
      sortBy: "hours",
      title: t("teams.hours"),
      key: "hours",
      align: "right",
      render: (_, row) => Math.round(row.minutesWorked / minutesPerHour),
    },
  ];
  return (
    <ListPage<MemberRow>
      level={2}
      title={t("teams.members")}
      intro={t("teams.membersIntro")}
      path="/api/v1/team-members"
      usual="area"
      topics={topics}
      columns={columns}
      rowKey="code"
      states={{ group: "teams.values.memberState", values: memberStates }}
      filter={{ name: "kind", label: t("teams.kind"), group: "teams.values.memberKind", values: memberKinds }}
      bulk={[answer("comes", t("teams.comes"), true), answer("absent", t("teams.absent"), false)]}
      empty={t("teams.membersEmpty")}
      actions={
        <>
          <OperationButton operation="registerTeamMembers" />
          <SheetButtons name="teams-members" canImport={may("teams.member.write")} canExport personal />
        </>
      }
    />
  );
}

/** Teams with how many they are; a temporary one can be closed. */
export function Teams(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const columns: Column<TeamRow>[] = [
    { title: t("teams.code"), sortBy: "code", key: "code", dataIndex: "code", fixed: "left" },
    { title: t("teams.name"), key: "name", dataIndex: "name" },
    { title: t("teams.kind"), key: "kind", render: (_, row) => wordFor(t, "teams.values.teamKind", row.kind) },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="teams.values.teamState" value={row.state} />,
    },
    { sortBy: "area", title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("teams.parent"), key: "parent", render: (_, row) => row.parentCode ?? "–" },
    { title: t("teams.size"), key: "size", align: "right", dataIndex: "members" },
    {
      key: "act",
      render: (_, row) =>
        row.state === "open" && may("teams.team.write") ? (
          <OperationButton operation="closeTeam" params={{ code: row.code }} danger />
        ) : null,
    },
  ];
  return (
    <ListPage<TeamRow>
      level={2}
      title={t("teams.teams")}
      intro={t("teams.teamsIntro")}
      path="/api/v1/teams"
      usual="area"
      topics={topics}
      columns={columns}
      rowKey="code"
      filter={{ name: "kind", label: t("teams.kind"), group: "teams.values.teamKind", values: teamKinds }}
      empty={t("teams.teamsEmpty")}
      actions={
        <>
          <OperationButton operation="registerTeams" />
          <SheetButtons name="teams-teams" canImport={may("teams.team.write")} canExport />
        </>
      }
    />
  );
}

/** Pioneer posts and duty areas with their holders. */
export function Posts(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const columns: Column<PostRow>[] = [
    { title: t("teams.code"), key: "code", dataIndex: "code", fixed: "left" },
    { title: t("teams.name"), key: "name", dataIndex: "name" },
    { title: t("teams.kind"), key: "kind", render: (_, row) => wordFor(t, "teams.values.postKind", row.kind) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("teams.place"), key: "place", render: (_, row) => row.place || "–" },
    { title: t("teams.needed"), key: "needed", align: "right", dataIndex: "peopleNeeded" },
    {
      title: t("teams.holder"),
      key: "holder",
      render: (_, row) => <MemberLink id={row.holderId} code={row.holderCode} />,
    },
    {
      key: "act",
      render: (_, row) =>
        may("teams.team.write") ? <OperationButton operation="holdTeamPost" params={{ code: row.code }} /> : null,
    },
  ];
  return (
    <ListPage<PostRow>
      level={2}
      title={t("teams.posts")}
      intro={t("teams.postsIntro")}
      path="/api/v1/team-posts"
      topics={topics}
      columns={columns}
      rowKey="code"
      filter={{ name: "kind", label: t("teams.kind"), group: "teams.values.postKind", values: postKinds }}
      empty={t("teams.postsEmpty")}
      actions={
        <>
          <OperationButton operation="registerTeamPosts" />
          <SheetButtons name="teams-posts" canImport={may("teams.team.write")} canExport />
        </>
      }
    />
  );
}

/** Volunteers who applied by the public form, to accept or to refuse with a reason. */
export function Volunteers(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const decide = (row: VolunteerRow): ReactNode => (
    <>
      <OperationButton
        operation="decideTeamVolunteer"
        label={t("teams.accept")}
        params={{ id: row.id }}
        fixed={{ accept: true }}
        only={[]}
        confirm={row.receipt}
      />{" "}
      <OperationButton
        operation="decideTeamVolunteer"
        label={t("teams.refuse")}
        params={{ id: row.id }}
        fixed={{ accept: false }}
        danger
      />
    </>
  );
  const columns: Column<VolunteerRow>[] = [
    { title: t("teams.receipt"), key: "receipt", dataIndex: "receipt", fixed: "left" },
    { title: t("teams.person"), key: "name", dataIndex: "name" },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="teams.values.volunteerState" value={row.state} />,
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("teams.skills"),
      key: "skills",
      render: (_, row) => row.skills.map((skill) => wordFor(t, "teams.values.skill", skill)).join(" · ") || "–",
    },
    { title: t("teams.decideBy"), key: "by", render: (_, row) => <Moment at={row.decideBy} /> },
    { key: "act", render: (_, row) => (row.state === "applied" && may("teams.member.write") ? decide(row) : null) },
  ];
  return (
    <ListPage<VolunteerRow>
      level={2}
      title={t("teams.volunteers")}
      intro={t("teams.volunteersIntro")}
      path="/api/v1/team-volunteers"
      topics={topics}
      columns={columns}
      rowKey="id"
      states={{ group: "teams.values.volunteerState", values: volunteerStates }}
      bulk={[
        {
          key: "accept",
          label: t("teams.accept"),
          operation: "decideTeamVolunteer",
          may: (row) => row.state === "applied",
          name: (row) => row.receipt,
          send: (row) => post(`/api/v1/team-volunteers/${row.id}/decision`, { accept: true }, { key: newKey() }),
        },
      ]}
      empty={t("teams.volunteersEmpty")}
    />
  );
}
