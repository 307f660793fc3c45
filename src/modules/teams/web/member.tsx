import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ExposureRow, MemberDetail, MemberPerson, MemberShift, PostRow } from "#domain/teams";
import { get } from "#web/api";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { OperationButton } from "#webx/operation";
import { Due, Moment, Panel, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import { RevealButton } from "#webx/reveal";
import { type Column, Rows } from "#webx/rows";
import { Timeline } from "#webx/timeline";
import { useMay } from "./may.ts";

const minutesPerHour = 60;
/** A timeline is about twenty records at most: the member, the call-up and the latest exposures. */
const timelineExposuresMax = 18;

/** One member: team, posts, the call-up and what was answered, shifts, exposures and what came of them. */
export function MemberPage(): ReactNode {
  const { t } = useTranslation();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const found = useQuery({
    queryKey: ["team-member", id],
    queryFn: () => get<MemberDetail>(`/api/v1/team-members/${encodeURIComponent(id)}`),
    meta: { topics: ["teams"] },
  });
  if (found.error)
    return (
      <ProblemNotice
        error={found.error}
        retry={() => void found.refetch()}
        back={
          <Link to="/teams" search={{ tab: "members" }}>
            {t("teams.members")}
          </Link>
        }
      />
    );
  if (!found.data) return <Waiting rows={8} />;
  const member = found.data;
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/teams" search={{ tab: "members" }}>
          {t("teams.members")}
        </Link>
      </p>
      <header className="page-head">
        <h1>
          {member.code} <StateWord group="teams.values.memberState" value={member.state} />
        </h1>
        <div className="page-actions">
          <MemberActions member={member} />
        </div>
      </header>
      <Panel title={t("teams.facts")}>
        <MemberFacts member={member} />
      </Panel>
      <Panel title={t("teams.posts")}>
        <PostsHeld rows={member.posts} />
      </Panel>
      {member.shifts === null ? null : (
        <Panel title={t("teams.shifts")}>
          <MemberShifts rows={member.shifts} code={member.code} />
        </Panel>
      )}
      {member.exposures === null ? null : (
        <Panel title={t("teams.exposures")}>
          <MemberExposures rows={member.exposures} />
        </Panel>
      )}
      <Timeline subjects={subjectsOf(member)} />
    </div>
  );
}

function subjectsOf(member: MemberDetail): { readonly type: string; readonly id: string }[] {
  return [
    { type: "member", id: member.id },
    ...(member.callUp === null ? [] : [{ type: "callUp", id: member.callUp.id }]),
    ...(member.exposures ?? []).slice(0, timelineExposuresMax).map(({ id }) => ({ type: "teamExposure", id })),
  ];
}

/** Who it is, for those who say why; an answer to the call-up while it is awaited; an exposure. */
function MemberActions({ member }: { readonly member: MemberDetail }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <>
      <RevealButton<MemberPerson>
        label={t("teams.who")}
        path={`/api/v1/team-members/${encodeURIComponent(member.id)}/person`}
        show={(person) => (
          <Facts
            rows={[
              [t("teams.person"), person.name],
              [t("teams.phone"), person.phone ?? "–"],
              [t("teams.vaccinated"), vaccinatedWord(t, person.vaccinated)],
            ]}
          />
        )}
      />
      {member.state === "calledUp" && may("teams.callUp.write") ? <Answers code={member.code} /> : null}
      {may("teams.exposure.write") ? (
        <OperationButton operation="recordTeamExposure" fixed={{ memberCode: member.code }} />
      ) : null}
    </>
  );
}

function vaccinatedWord(t: (key: string) => string, vaccinated: boolean | null): string {
  if (vaccinated === null) return "–";
  return vaccinated ? t("teams.yes") : t("teams.no");
}

function Answers({ code }: { readonly code: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <OperationButton
        operation="answerTeamCallUp"
        label={t("teams.comes")}
        fixed={{ answers: [{ memberCode: code, coming: true }] }}
        only={[]}
        confirm={code}
      />
      <OperationButton
        operation="answerTeamCallUp"
        label={t("teams.absent")}
        fixed={{ answers: [{ memberCode: code, coming: false }] }}
        only={[]}
        confirm={code}
      />
    </>
  );
}

function MemberFacts({ member }: { readonly member: MemberDetail }): ReactNode {
  const { t } = useTranslation();
  const { callUp } = member;
  return (
    <Facts
      rows={[
        [t("teams.person"), member.name],
        [t("teams.kind"), wordFor(t, "teams.values.memberKind", member.kind)],
        [t("common.area"), <AreaPath key="a" code={member.areaCode} />],
        [t("teams.home"), member.homeAreaCode === null ? "–" : <AreaPath key="h" code={member.homeAreaCode} />],
        [t("teams.team"), member.teamCode === null ? "–" : `${member.teamName ?? ""} ${member.teamCode}`.trim()],
        [t("teams.skills"), member.skills.map((skill) => wordFor(t, "teams.values.skill", skill)).join(" · ") || "–"],
        [t("teams.hours"), Math.round(member.minutesWorked / minutesPerHour)],
        [t("teams.registeredAt"), <Moment key="r" at={member.registeredAt} long />],
        [t("teams.lastCallUp"), callUp === null ? t("teams.neverCalled") : callUp.reason],
        ...(callUp === null
          ? []
          : ([
              [t("teams.calledAt"), <Moment key="c" at={callUp.calledAt} long />],
              [t("teams.answeredAt"), <Due key="w" at={callUp.answerBy} doneAt={callUp.answeredAt} />],
            ] as const)),
        ...(member.absentReason === null ? [] : ([[t("teams.absentReason"), member.absentReason]] as const)),
      ]}
    />
  );
}

function PostsHeld(props: { readonly rows: readonly PostRow[] }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const columns: Column<PostRow>[] = [
    { title: t("teams.code"), key: "code", dataIndex: "code", fixed: "left" },
    { title: t("teams.name"), key: "name", dataIndex: "name" },
    { title: t("teams.kind"), key: "kind", render: (_, row) => wordFor(t, "teams.values.postKind", row.kind) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("teams.place"), key: "place", render: (_, row) => row.place || "–" },
    {
      key: "act",
      render: (_, row) =>
        may("teams.team.write") ? <OperationButton operation="holdTeamPost" params={{ code: row.code }} /> : null,
    },
  ];
  return <Rows<PostRow> columns={columns} rows={props.rows} rowKey="code" bare empty={t("teams.noPostHeld")} />;
}

function MemberShifts(props: { readonly rows: readonly MemberShift[]; readonly code: string }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const roll = (row: MemberShift): ReactNode => {
    if (!may("teams.shift.write") || (row.state !== "planned" && row.state !== "onDuty")) return null;
    const operation = row.state === "planned" ? "checkInTeamShifts" : "checkOutTeamShifts";
    return <OperationButton operation={operation} fixed={{ shiftIds: [row.id] }} confirm={props.code} />;
  };
  const columns: Column<MemberShift>[] = [
    { title: t("teams.from"), key: "from", fixed: "left", render: (_, row) => <Moment at={row.from} /> },
    { title: t("teams.to"), key: "to", render: (_, row) => <Moment at={row.to} /> },
    { title: t("teams.target"), key: "t", render: (_, row) => wordFor(t, "teams.values.target", row.targetType) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="teams.values.shiftState" value={row.state} />,
    },
    { title: t("teams.checkedIn"), key: "in", render: (_, row) => <Moment at={row.checkedInAt} /> },
    { title: t("teams.checkedOut"), key: "out", render: (_, row) => <Moment at={row.checkedOutAt} /> },
    { key: "act", render: (_, row) => roll(row) },
  ];
  return <Rows<MemberShift> columns={columns} rows={props.rows} rowKey="id" bare empty={t("teams.noShift")} />;
}

function MemberExposures(props: { readonly rows: readonly ExposureRow[] }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const columns: Column<ExposureRow>[] = [
    { title: t("teams.at"), key: "at", fixed: "left", render: (_, row) => <Moment at={row.at} /> },
    { title: t("teams.kind"), key: "kind", render: (_, row) => wordFor(t, "teams.values.exposureKind", row.kind) },
    {
      title: t("teams.protection"),
      key: "p",
      render: (_, row) => wordFor(t, "teams.values.protection", row.protection),
    },
    {
      title: t("teams.followUpBy"),
      key: "by",
      render: (_, row) => <Due at={row.followUpBy} doneAt={row.followedUpAt} />,
    },
    {
      title: t("teams.outcome"),
      key: "outcome",
      render: (_, row) => {
        if (row.outcome !== null) return wordFor(t, "teams.values.outcome", row.outcome);
        if (!may("teams.exposure.write")) return "–";
        return <OperationButton operation="followUpTeamExposure" params={{ id: row.id }} />;
      },
    },
  ];
  return <Rows<ExposureRow> columns={columns} rows={props.rows} rowKey="id" bare empty={t("teams.noExposure")} />;
}
