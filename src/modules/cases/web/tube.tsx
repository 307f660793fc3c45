import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { lazy, Suspense, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { HeldMember, PositiveTube, TubeClock } from "#domain/cases";
import type { Tube, TubeDetail } from "#domain/screening";
import { get, getFor, Problem } from "#web/api";
import { wordFor } from "#web/i18n";
import { useNowMs } from "#web/live";
import { durationText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { OperationButton } from "#webx/operation";
import { Due, Moment, Panel, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import { PurposeForm } from "#webx/purpose";
import { Timeline } from "#webx/timeline";
import { TubeContactsPanel } from "./tube-contacts.tsx";
import "./cases.css";
import { type Column, Rows } from "#webx/rows";

const HomesMap = lazy(() => import("./homes-map.tsx"));

/** One tube: a positive one shows its holds and re-checks, with masked names; any other asks for a purpose first. */
export function TubePage(): ReactNode {
  const { t } = useTranslation();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const path = `/api/v1/tubes/${encodeURIComponent(id)}`;
  const positive = useQuery({
    queryKey: ["tube", id, "positive"],
    queryFn: () => get<PositiveTube>(`/api/v1/tubes/${encodeURIComponent(id)}/positive`),
    meta: { topics: ["screening", "cases"] },
  });
  const detail = useMutation({ mutationFn: (reason: string) => getFor<TubeDetail>(path, reason) });
  if (positive.isPending) return <Waiting rows={8} />;
  // Whoever may not read cases, such as a sampler, sees the tube itself.
  const plain = positive.error instanceof Problem && [403, 404].includes(positive.error.status);
  if (positive.error && !plain)
    return (
      <ProblemNotice
        error={positive.error}
        retry={() => void positive.refetch()}
        back={<Link to="/tubes">{t("tubes.title")}</Link>}
      />
    );
  const barcode = positive.data?.tube.barcode ?? detail.data?.tube.barcode ?? t("tubes.one");
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/tubes">{t("tubes.title")}</Link>
      </p>
      <header className="page-head">
        <h1>
          <code>{barcode}</code>
          {positive.data ? <StateWord group="enums.signalState" value={positive.data.tube.state} /> : null}
        </h1>
        {positive.data?.tube.state === "open" ? (
          <div className="page-actions">
            <RecheckButton tubeId={Number(id)} members={positive.data.members.filter(isMissing)} />
          </div>
        ) : null}
        {plain && detail.data?.tube.result === "positive" ? (
          <div className="page-actions">
            <RecheckButton tubeId={Number(id)} members={detail.data.members} />
          </div>
        ) : null}
      </header>
      {positive.data ? (
        <>
          <Signal positive={positive.data} />
          <Panel title={t("tubes.contacts.title")}>
            <TubeContactsPanel tubeId={id} />
          </Panel>
          <Timeline subjects={[{ type: "tube", id }]} />
        </>
      ) : null}
      <Panel title={t("tubes.people")}>
        {detail.data ? (
          <People detail={detail.data} />
        ) : (
          <PurposeForm busy={detail.isPending} error={detail.error} onAsk={(reason) => detail.mutate(reason)} />
        )}
      </Panel>
    </div>
  );
}

/** A single tube for each member that has none yet; they go into the day's standing round by themselves. */
function RecheckButton(props: {
  readonly tubeId: number;
  readonly members: readonly { readonly personId: number }[];
}): ReactNode {
  const { t } = useTranslation();
  const nowMs = useNowMs();
  const at = new Date(nowMs).toISOString();
  return (
    <OperationButton
      operation="uploadTubes"
      fixed={{ purpose: "recheck" }}
      only={["siteId", "box", "tubes"]}
      values={{
        tubes: props.members.map(({ personId }) => ({
          kind: "single",
          personIds: [personId],
          recheckOf: props.tubeId,
          at,
        })),
      }}
      label={t("tubes.recheckTubes")}
    />
  );
}

/** What a positive tube set going: its clocks, and each member's hold and re-check. */
function Signal(props: { readonly positive: PositiveTube }): ReactNode {
  const { t } = useTranslation();
  const { tube, members, clocks } = props.positive;
  return (
    <>
      <div className="columns">
        <Panel title={t("tubes.facts")}>
          <Facts
            rows={[
              [t("common.area"), <AreaPath key="a" code={tube.areaCode} />],
              [t("tubes.purpose"), wordFor(t, "enums.purpose", tube.purpose)],
              [t("positives.cause"), wordFor(t, "enums.signalCause", tube.cause)],
              [t("tubes.ct"), `${tube.ctN ?? "–"} / ${tube.ctOrf ?? "–"}`],
              [t("tubes.collectedAt"), <Moment key="m" at={tube.collectedAt} long />],
              [t("tubes.resultedAt"), <Moment key="m" at={tube.resultedAt} long />],
              [t("tubes.heldAt"), <Moment key="m" at={tube.heldAt} long />],
              [t("positives.recheckDue"), <Due key="d" at={tube.recheckDueAt} doneAt={tube.settledAt} />],
            ]}
          />
        </Panel>
        <Panel title={t("tubes.clocks")}>
          <Clocks clocks={clocks} />
        </Panel>
        {members.length === 0 ? null : (
          <Panel title={t("tubes.homes")}>
            <Suspense fallback={<Waiting rows={6} />}>
              <HomesMap members={members} />
            </Suspense>
          </Panel>
        )}
      </div>
      <Panel title={t("tubes.members")} side={<Summary members={members} />}>
        <Members members={members} dueAt={tube.recheckDueAt} />
      </Panel>
    </>
  );
}

/** How many of the members are held, re-sampled, still missing and released. */
function Summary(props: { readonly members: readonly HeldMember[] }): ReactNode {
  const { t } = useTranslation();
  const { members } = props;
  const counts = {
    held: members.filter((member) => member.liftedAt === null).length,
    resampled: members.filter((member) => member.recheckTubeId !== null).length,
    missing: members.filter(isMissing).length,
    lifted: members.filter((member) => member.liftedAt !== null).length,
  };
  return (
    <ul className="tube-summary">
      {(["held", "resampled", "missing", "lifted"] as const).map((name) => (
        <li key={name} className={name === "missing" && counts.missing > 0 ? "due-late" : ""}>
          <strong>{counts[name]}</strong> {t(`tubes.summary.${name}`)}
        </li>
      ))}
    </ul>
  );
}

/** Held, and nobody has re-sampled the person yet. */
function isMissing(member: HeldMember): boolean {
  return member.recheckTubeId === null && member.liftedAt === null;
}

function People(props: { readonly detail: TubeDetail }): ReactNode {
  const { t } = useTranslation();
  const { tube, members } = props.detail;
  const columns: Column<TubeDetail["members"][number]>[] = [
    { title: t("cases.name"), key: "name", render: (_, row) => row.personName ?? "–" },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("tubes.collectedAt"), key: "at", render: (_, row) => <Moment at={row.at} /> },
  ];
  return (
    <>
      <TubeFacts tube={tube} />
      <Rows columns={columns} rows={members} rowKey="personId" bare />
    </>
  );
}

function TubeFacts(props: { readonly tube: Tube }): ReactNode {
  const { t } = useTranslation();
  const { tube } = props;
  return (
    <Facts
      rows={[
        [t("common.area"), <AreaPath key="a" code={tube.areaCode} />],
        [t("tubes.result"), wordFor(t, "enums.result", tube.result ?? tube.state)],
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
  const { recheckTubeId, recheckResult, liftedAt } = props.member;
  // A second run of the tube itself may have cleared everybody before the door team came.
  if (recheckTubeId === null) return <>{liftedAt === null ? t("tubes.notResampled") : t("tubes.clearedByLab")}</>;
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

function Members(props: { readonly members: readonly HeldMember[]; readonly dueAt: string | null }): ReactNode {
  const { t } = useTranslation();
  const columns: Column<HeldMember>[] = [
    {
      title: t("tubes.member"),
      key: "member",
      render: (_, row, index) => row.personName ?? t("tubes.memberNo", { no: index + 1 }),
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("tubes.heldAt"), key: "held", render: (_, row) => <Moment at={row.placedAt} /> },
    { title: t("tubes.recheck"), key: "recheck", render: (_, row) => <Recheck member={row} /> },
    { title: t("tubes.recheckAt"), key: "recheckAt", render: (_, row) => <Moment at={row.recheckAt} /> },
    {
      title: t("tubes.recheckDue"),
      key: "due",
      render: (_, row) => <Due at={props.dueAt} doneAt={row.recheckAt ?? row.liftedAt} />,
    },
    { title: t("tubes.liftedAt"), key: "lifted", render: (_, row) => <Moment at={row.liftedAt} /> },
    { title: t("tubes.outcome"), key: "outcome", render: (_, row) => <Outcome member={row} /> },
  ];
  return (
    <Rows<HeldMember> columns={columns} rows={props.members} rowKey="personId" bare empty={t("tubes.noMembers")} />
  );
}
