import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Table, type TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { HeldMember, PositiveTube, TubeClock } from "#domain/cases";
import type { Tube, TubeDetail } from "#domain/screening";
import { get } from "#web/api";
import { wordFor } from "#web/i18n";
import { durationText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { Moment, Nothing, Panel, ProblemNotice, StateWord, Waiting } from "#webx/parts";

/** One tube; a positive one with each member's hold, re-check and the clocks that run for it. */
export function TubePage(): ReactNode {
  const { t } = useTranslation();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const path = `/api/v1/tubes/${encodeURIComponent(id)}`;
  const found = useQuery({
    queryKey: ["tube", id],
    queryFn: () => get<TubeDetail>(path),
    meta: { topics: ["screening"] },
  });
  const tube = found.data?.tube;
  // Only a positive or unclear result has holds; asking for another tube's would be refused.
  const signals = tube !== undefined && (tube.result === "positive" || tube.unclear !== null);
  const positive = useQuery({
    queryKey: ["tube", id, "positive"],
    queryFn: () => get<PositiveTube>(`${path}/positive`),
    enabled: signals,
    meta: { topics: ["screening", "cases"] },
  });
  if (found.error) return <ProblemNotice error={found.error} retry={() => void found.refetch()} />;
  if (!tube) return <Waiting rows={8} />;
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/tubes">{t("tubes.title")}</Link>
      </p>
      <h1>
        <code>{tube.barcode}</code>{" "}
        {tube.result ? (
          <StateWord group="enums.result" value={tube.result} />
        ) : (
          <StateWord group="enums.tubeState" value={tube.state} />
        )}
      </h1>
      <div className="columns">
        <Panel title={t("tubes.facts")}>
          <TubeFacts tube={tube} />
        </Panel>
        {signals ? (
          <Panel title={t("tubes.clocks")}>
            <Clocks clocks={positive.data?.clocks ?? []} />
          </Panel>
        ) : null}
      </div>
      <Panel title={t("tubes.members")}>
        {positive.error ? <ProblemNotice error={positive.error} /> : null}
        {signals && !positive.error ? <Members members={positive.data?.members ?? []} /> : null}
        {signals ? null : <p className="muted">{t("tubes.noMembers")}</p>}
      </Panel>
    </div>
  );
}

function TubeFacts(props: { readonly tube: Tube }): ReactNode {
  const { t } = useTranslation();
  const { tube } = props;
  return (
    <Facts
      rows={[
        [t("common.area"), <AreaPath key="a" code={tube.areaCode} />],
        [t("tubes.kind"), wordFor(t, "enums.tubeKind", tube.kind)],
        [t("tubes.purpose"), wordFor(t, "enums.purpose", tube.purpose)],
        [t("tubes.size"), `${tube.size} / ${tube.capacity}`],
        [t("tubes.ct"), `${tube.ctN ?? "–"} / ${tube.ctOrf ?? "–"}`],
        [t("tubes.box"), tube.box],
        [t("tubes.collectedAt"), <Moment key="m" at={tube.collectedAt} long />],
        [t("tubes.handedOverAt"), <Moment key="m" at={tube.handedOverAt} long />],
        [t("tubes.receivedAt"), <Moment key="m" at={tube.receivedAt} long />],
        [t("tubes.resultedAt"), <Moment key="m" at={tube.resultedAt} long />],
        [
          t("tubes.round"),
          <Link key="r" to="/rounds/$id" params={{ id: tube.roundId }}>
            {t("rounds.named", { no: tube.roundNo })}
          </Link>,
        ],
        [
          t("tubes.recheckOf"),
          tube.recheckOf === null ? (
            "–"
          ) : (
            <Link key="o" to="/tubes/$id" params={{ id: String(tube.recheckOf) }}>
              {t("tubes.openFirst")}
            </Link>
          ),
        ],
      ]}
    />
  );
}

function Clocks(props: { readonly clocks: readonly TubeClock[] }): ReactNode {
  const { t } = useTranslation();
  if (props.clocks.length === 0) return <p className="muted">{t("tubes.noClocks")}</p>;
  return (
    <Facts
      rows={props.clocks.map((clock) => {
        const late = clock.minutes !== null && clock.targetMin !== null && clock.minutes > clock.targetMin;
        return [
          wordFor(t, "enums.arrow", clock.arrow),
          <span key="c" className={late ? "due-late" : ""}>
            {durationText(t, clock.minutes)}
            {clock.done ? "" : ` ${t("tubes.running")}`}
            {clock.targetMin === null ? null : (
              <span className="muted"> / {t("board.loop.targetOf", { length: durationText(t, clock.targetMin) })}</span>
            )}
          </span>,
        ] as const;
      })}
    />
  );
}

function Recheck(props: { readonly member: HeldMember }): ReactNode {
  const { t } = useTranslation();
  const { recheckTubeId, recheckResult } = props.member;
  if (recheckTubeId === null) return <>{t("tubes.notResampled")}</>;
  return (
    <Link to="/tubes/$id" params={{ id: String(recheckTubeId) }}>
      {recheckResult === null ? t("tubes.waitingResult") : wordFor(t, "enums.result", recheckResult)}
    </Link>
  );
}

function Outcome(props: { readonly member: HeldMember }): ReactNode {
  const { t } = useTranslation();
  const { caseId, outcome } = props.member;
  if (caseId === null) return <>{wordFor(t, "enums.holdOutcome", outcome)}</>;
  return (
    <Link to="/cases/$id" params={{ id: caseId }}>
      {t("tubes.openCase")}
    </Link>
  );
}

function Members(props: { readonly members: readonly HeldMember[] }): ReactNode {
  const { t } = useTranslation();
  const columns: TableColumnsType<HeldMember> = [
    {
      title: t("tubes.member"),
      key: "member",
      render: (_, row, index) => row.personName ?? t("tubes.memberNo", { no: index + 1 }),
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("tubes.heldAt"), key: "held", render: (_, row) => <Moment at={row.placedAt} /> },
    { title: t("tubes.recheck"), key: "recheck", render: (_, row) => <Recheck member={row} /> },
    { title: t("tubes.recheckAt"), key: "recheckAt", render: (_, row) => <Moment at={row.recheckAt} /> },
    { title: t("tubes.liftedAt"), key: "lifted", render: (_, row) => <Moment at={row.liftedAt} /> },
    { title: t("tubes.outcome"), key: "outcome", render: (_, row) => <Outcome member={row} /> },
  ];
  return (
    <Table<HeldMember>
      size="small"
      columns={columns}
      dataSource={[...props.members]}
      rowKey="personId"
      pagination={false}
      scroll={{ x: "max-content" }}
      locale={{ emptyText: <Nothing text={t("tubes.noMembers")} /> }}
    />
  );
}
