import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import {
  exposureKinds,
  exposureOutcomes,
  needStates,
  protectionLevels,
  shiftStates,
  skills,
  targetTypes,
  type CallUpRow,
  type ExposureRow,
  type NeedRow,
  type ShiftRow,
} from "#domain/teams";
import { newKey, post } from "#web/api";
import { wordFor } from "#web/i18n";
import { ActionButton, type Field } from "#webx/action";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Moment, StateWord } from "#webx/parts";
import { useMay } from "./may.ts";
import { MemberLink } from "./member-link.tsx";
import type { Column } from "#webx/rows";

const topics = ["teams"];

/** The values of a group as the choices of a field. */
function useChoices(): (group: string, values: readonly string[]) => NonNullable<Field["choices"]> {
  const { t } = useTranslation();
  return (group, values) => values.map((value) => ({ value, label: wordFor(t, group, value) }));
}

/** Call-ups: one command to a whole area, who came, who cannot, who has not answered. */
export function CallUps(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const columns: Column<CallUpRow>[] = [
    { title: t("teams.from"), key: "at", fixed: "left", render: (_, row) => <Moment at={row.calledAt} /> },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="teams.values.callUpState" value={row.state} />,
    },
    { title: t("teams.reason"), key: "reason", dataIndex: "reason" },
    { title: t("teams.called"), key: "called", align: "right", dataIndex: "called" },
    { title: t("teams.answered"), key: "answered", align: "right", dataIndex: "answered" },
    { title: t("teams.absent"), key: "absent", align: "right", dataIndex: "absent" },
    { title: t("teams.unanswered"), key: "unanswered", align: "right", dataIndex: "unanswered" },
    { title: t("teams.late"), key: "late", align: "right", dataIndex: "late" },
    { title: t("teams.answerBy"), key: "by", render: (_, row) => <Moment at={row.answerBy} /> },
    {
      key: "act",
      render: (_, row) =>
        row.state === "running" && may("teams.callUp.write") ? (
          <span className="row-actions">
            <OperationButton operation="answerTeamCallUp" />
            <OperationButton
              operation="standTeamsDown"
              params={{ id: row.id }}
              confirm={t("teams.standDownAsk")}
              danger
            />
          </span>
        ) : null,
    },
  ];
  return (
    <ListPage<CallUpRow>
      level={2}
      title={t("teams.callUps")}
      intro={t("teams.callUpsIntro")}
      path="/api/v1/team-call-ups"
      topics={topics}
      columns={columns}
      rowKey="id"
      empty={t("teams.callUpsEmpty")}
      actions={
        may("teams.callUp.write") ? (
          <ActionButton
            label={t("teams.callUp")}
            title={t("teams.callUp")}
            url="/api/v1/team-call-ups"
            fields={[
              { name: "areaCode", label: t("common.area"), kind: "area", required: true },
              { name: "reason", label: t("teams.reason"), kind: "text", required: true },
            ]}
          />
        ) : null
      }
    />
  );
}

function NeedActions(): ReactNode {
  const { t } = useTranslation();
  const choices = useChoices();
  const fields: Field[] = [
    { name: "areaCode", label: t("common.area"), kind: "area", required: true },
    {
      name: "targetType",
      label: t("teams.target"),
      kind: "choice",
      choices: choices("teams.values.target", targetTypes),
      required: true,
    },
    { name: "targetId", label: t("teams.targetId"), kind: "text", required: true, max: 60 },
    { name: "skill", label: t("teams.skills"), kind: "choice", choices: choices("teams.values.skill", skills) },
    { name: "people", label: t("teams.people"), kind: "number", required: true, min: 1 },
    { name: "from", label: t("teams.from"), kind: "moment", required: true },
    { name: "to", label: t("teams.to"), kind: "moment", required: true },
  ];
  return (
    <>
      <ActionButton
        label={t("teams.openNeed")}
        title={t("teams.openNeed")}
        url="/api/v1/team-needs/one"
        fields={fields}
      />{" "}
      <ActionButton
        label={t("teams.assign")}
        title={t("teams.assign")}
        url="/api/v1/team-needs/assign"
        confirm={t("teams.assignAsk")}
      />{" "}
      <OperationButton operation="openTeamNeeds" />
    </>
  );
}

/** Where people are needed, and how many were found. */
export function Needs(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const columns: Column<NeedRow>[] = [
    { title: t("teams.from"), key: "from", fixed: "left", render: (_, row) => <Moment at={row.from} /> },
    { title: t("teams.to"), key: "to", render: (_, row) => <Moment at={row.to} /> },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("teams.target"), key: "t", render: (_, row) => wordFor(t, "teams.values.target", row.targetType) },
    {
      title: t("teams.skills"),
      key: "skill",
      render: (_, row) => (row.skill === null ? "–" : wordFor(t, "teams.values.skill", row.skill)),
    },
    { title: t("teams.needed"), key: "needed", align: "right", dataIndex: "people" },
    { title: t("teams.found"), key: "found", align: "right", dataIndex: "filled" },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="teams.values.needState" value={row.state} />,
    },
    {
      key: "act",
      render: (_, row) =>
        row.state === "open" ? <OperationButton operation="cancelTeamNeed" params={{ id: row.id }} danger /> : null,
    },
  ];
  return (
    <ListPage<NeedRow>
      level={2}
      title={t("teams.needs")}
      intro={t("teams.needsIntro")}
      path="/api/v1/team-needs"
      topics={topics}
      columns={columns}
      rowKey="id"
      states={{ group: "teams.values.needState", values: needStates }}
      bulk={[
        {
          key: "assign",
          label: t("teams.assign"),
          operation: "assignTeamNeeds",
          may: (row) => row.state === "open",
          name: (row) => row.code,
          send: (row) => post("/api/v1/team-needs/assign", { needIds: [row.id] }, { key: newKey() }),
        },
      ]}
      empty={t("teams.needsEmpty")}
      actions={may("teams.shift.write") ? <NeedActions /> : null}
    />
  );
}

/** Shifts with the roll call of each. */
export function Shifts(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const roll = (row: ShiftRow): ReactNode => {
    if (!may("teams.shift.write") || (row.state !== "planned" && row.state !== "onDuty")) return null;
    const inward = row.state === "planned";
    return (
      <OperationButton
        operation={inward ? "checkInTeamShifts" : "checkOutTeamShifts"}
        fixed={{ shiftIds: [row.id] }}
        confirm={row.memberCode}
      />
    );
  };
  const columns: Column<ShiftRow>[] = [
    {
      title: t("teams.memberCode"),
      key: "code",
      fixed: "left",
      render: (_, row) => <MemberLink id={row.memberId} code={row.memberCode} />,
    },
    { title: t("teams.person"), key: "name", dataIndex: "name" },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("teams.target"), key: "t", render: (_, row) => wordFor(t, "teams.values.target", row.targetType) },
    { title: t("teams.from"), key: "from", render: (_, row) => <Moment at={row.from} /> },
    { title: t("teams.to"), key: "to", render: (_, row) => <Moment at={row.to} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="teams.values.shiftState" value={row.state} />,
    },
    { key: "act", render: (_, row) => roll(row) },
  ];
  return (
    <ListPage<ShiftRow>
      level={2}
      title={t("teams.shifts")}
      intro={t("teams.shiftsIntro")}
      path="/api/v1/team-shifts"
      topics={topics}
      columns={columns}
      rowKey="id"
      states={{ group: "teams.values.shiftState", values: shiftStates }}
      empty={t("teams.shiftsEmpty")}
      actions={<OperationButton operation="planTeamShifts" />}
      bulk={[
        {
          key: "in",
          label: t("teams.rollIn"),
          operation: "checkInTeamShifts",
          confirm: (count) => t("teams.rollInConfirm", { count }),
          may: (row) => row.state === "planned",
          name: (row) => row.memberCode,
          send: (row) => post("/api/v1/team-shifts/check-in", { shiftIds: [row.id] }, { key: newKey() }),
        },
        {
          key: "out",
          label: t("teams.rollOut"),
          operation: "checkOutTeamShifts",
          confirm: (count) => t("teams.rollOutConfirm", { count }),
          may: (row) => row.state === "onDuty",
          name: (row) => row.memberCode,
          send: (row) => post("/api/v1/team-shifts/check-out", { shiftIds: [row.id] }, { key: newKey() }),
        },
      ]}
    />
  );
}

/** Exposures at work and their follow-up. */
export function Exposures(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const choices = useChoices();
  const record: Field[] = [
    { name: "memberCode", label: t("teams.memberCode"), kind: "text", required: true },
    { name: "at", label: t("teams.at"), kind: "moment", required: true },
    {
      name: "kind",
      label: t("teams.kind"),
      kind: "choice",
      choices: choices("teams.values.exposureKind", exposureKinds),
      required: true,
    },
    {
      name: "protection",
      label: t("teams.protection"),
      kind: "choice",
      choices: choices("teams.values.protection", protectionLevels),
      required: true,
    },
  ];
  const outcome: Field = {
    name: "outcome",
    label: t("teams.outcome"),
    kind: "choice",
    choices: choices("teams.values.outcome", exposureOutcomes),
    required: true,
  };
  const columns: Column<ExposureRow>[] = [
    {
      title: t("teams.memberCode"),
      key: "code",
      fixed: "left",
      render: (_, row) => <MemberLink id={row.memberId} code={row.memberCode} />,
    },
    { title: t("teams.at"), key: "at", render: (_, row) => <Moment at={row.at} /> },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("teams.kind"), key: "kind", render: (_, row) => wordFor(t, "teams.values.exposureKind", row.kind) },
    {
      title: t("teams.protection"),
      key: "p",
      render: (_, row) => wordFor(t, "teams.values.protection", row.protection),
    },
    { title: t("teams.followUpBy"), key: "by", render: (_, row) => <Moment at={row.followUpBy} /> },
    {
      title: t("teams.outcome"),
      key: "outcome",
      render: (_, row) => {
        if (row.outcome !== null) return wordFor(t, "teams.values.outcome", row.outcome);
        if (!may("teams.exposure.write")) return "–";
        const url = `/api/v1/team-exposures/${row.id}/follow-up`;
        return <ActionButton label={t("teams.followUp")} title={t("teams.followUp")} url={url} fields={[outcome]} />;
      },
    },
  ];
  return (
    <ListPage<ExposureRow>
      level={2}
      title={t("teams.exposures")}
      intro={t("teams.exposuresIntro")}
      path="/api/v1/team-exposures"
      topics={topics}
      columns={columns}
      rowKey="id"
      empty={t("teams.exposuresEmpty")}
      actions={
        may("teams.exposure.write") ? (
          <ActionButton
            label={t("teams.record")}
            title={t("teams.record")}
            url="/api/v1/team-exposures"
            fields={record}
          />
        ) : null
      }
    />
  );
}
