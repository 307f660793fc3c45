import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { tubeResults, tubeStates, type Round, type Tube } from "#domain/screening";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Bar, Due, Moment, StateWord } from "#webx/parts";
import { numberText, shareText } from "#web/time";
import { PageTabs } from "#webx/tabs";
import { AdviceButton } from "./advice.tsx";
import { BoxesList, LabsList, SitesList } from "./places.tsx";
import type { Column } from "#webx/rows";

/** The page of one round, fetched when it is opened. */
export async function loadRoundPage(): Promise<() => ReactNode> {
  return (await import("./round.tsx")).RoundPage;
}

/** Tubes and boxes on their way, and where they are taken and tested. */
export function TubesPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "tubes", label: t("tubes.title"), render: () => <TubesList /> },
        { key: "boxes", label: t("tubes.boxes.title"), render: () => <BoxesList /> },
        { key: "sites", label: t("tubes.sites.title"), render: () => <SitesList /> },
        { key: "labs", label: t("tubes.labs.title"), render: () => <LabsList /> },
      ]}
    />
  );
}

/** The tube list: where each tube is on its way to a result, positives first to be acted on. */
function TubesList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Tube>[] = [
    {
      title: t("tubes.barcode"),
      sortBy: "barcode",
      key: "barcode",
      fixed: "left",
      render: (_, row) => (
        <Link to="/tubes/$id" params={{ id: String(row.id) }}>
          <code>{row.barcode}</code>
        </Link>
      ),
    },
    {
      title: t("tubes.result"),
      key: "result",
      render: (_, row) => <StateWord group="enums.result" value={row.result} />,
    },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="enums.tubeState" value={row.state} />,
    },
    {
      title: t("tubes.ct"),
      key: "ct",
      render: (_, row) => (row.ctN || row.ctOrf ? `${row.ctN ?? "–"} / ${row.ctOrf ?? "–"}` : "–"),
    },
    { title: t("tubes.size"), key: "size", align: "right", render: (_, row) => `${row.size} / ${row.capacity}` },
    { title: t("tubes.purpose"), key: "purpose", render: (_, row) => wordFor(t, "enums.purpose", row.purpose) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("tubes.collectedAt"),
      sortBy: "collected",
      key: "collectedAt",
      render: (_, row) => <Moment at={row.collectedAt} />,
    },
    { title: t("tubes.receivedAt"), key: "receivedAt", render: (_, row) => <Moment at={row.receivedAt} /> },
    { title: t("tubes.resultedAt"), key: "resultedAt", render: (_, row) => <Moment at={row.resultedAt} /> },
  ];
  return (
    <ListPage<Tube>
      title={t("tubes.title")}
      intro={t("tubes.intro")}
      path="/api/v1/tubes"
      topics={["screening"]}
      columns={columns}
      rowKey="id"
      states={{ group: "enums.tubeState", values: tubeStates }}
      filter={{ name: "result", label: t("tubes.result"), group: "enums.result", values: tubeResults }}
      actions={
        <>
          <OperationButton operation="reportResults" values={{ results: [{}] }} primary />
          <OperationButton operation="uploadTubes" values={{ tubes: [{}] }} />
          <OperationButton operation="moveSample" />
          <OperationButton operation="rejectTubes" />
          <OperationButton operation="recordLostTubes" />
        </>
      }
      empty={t("tubes.empty")}
    />
  );
}

function Sampled(props: { readonly round: Round }): ReactNode {
  const { t } = useTranslation();
  const { due, sampled, excused } = props.round;
  const share = due > 0 ? (sampled + excused) / due : null;
  return (
    <div className="cell-bar">
      <Bar
        label={t("rounds.sampledOf", { sampled: numberText(sampled), due: numberText(due) })}
        total={due}
        parts={[
          { key: "sampled", value: sampled, tone: "main" },
          { key: "excused", value: excused, tone: "soft" },
        ]}
      />
      <span>{shareText(share)}</span>
    </div>
  );
}

/** The rounds: how far each is, and whether it keeps its 24 hours. */
export function RoundsPage(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Round>[] = [
    {
      title: t("rounds.no"),
      key: "no",
      fixed: "left",
      render: (_, row) => (
        <Link to="/rounds/$id" params={{ id: row.id }}>
          {t("rounds.named", { no: row.no })}
        </Link>
      ),
    },
    { title: t("rounds.kind"), key: "kind", render: (_, row) => wordFor(t, "enums.purpose", row.kind) },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="enums.roundState" value={row.state} />,
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("rounds.progress"), key: "progress", render: (_, row) => <Sampled round={row} /> },
    { title: t("rounds.due"), key: "due", align: "right", render: (_, row) => numberText(row.due) },
    { title: t("rounds.resulted"), key: "resulted", align: "right", render: (_, row) => numberText(row.resulted) },
    { title: t("rounds.positive"), key: "positive", align: "right", render: (_, row) => numberText(row.positive) },
    {
      title: t("rounds.openedAt"),
      sortBy: "opened",
      key: "openedAt",
      render: (_, row) => <Moment at={row.openedAt} />,
    },
    {
      title: t("rounds.clock"),
      sortBy: "due",
      key: "clock",
      render: (_, row) => <Due at={row.dueAt} doneAt={row.closedAt} />,
    },
  ];
  return (
    <ListPage<Round>
      title={t("rounds.title")}
      intro={t("rounds.intro")}
      path="/api/v1/rounds"
      usual="-opened"
      topics={["screening"]}
      columns={columns}
      rowKey="id"
      states={{ group: "enums.roundState", values: ["open", "closed"] }}
      actions={
        <>
          <OperationButton operation="openRound" confirm={t("rounds.confirm.open")} primary />
          <OperationButton operation="openStandingRound" />
          <AdviceButton />
        </>
      }
      empty={t("rounds.empty")}
    />
  );
}
