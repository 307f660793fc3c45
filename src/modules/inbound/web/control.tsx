import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import {
  goodsStates,
  letterStates,
  type Checkpoint,
  type Goods as GoodsRow,
  type Letter,
  type Pass,
  type Post,
} from "#domain/inbound";
import { passOutcomes } from "#domain/outbreaks";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Due, Moment, StateWord } from "#webx/parts";
import { PositionText } from "#webx/position-text";
import { SheetButtons } from "#webx/sheet-buttons";
import type { Column } from "#webx/rows";

/** Where a row stands now, for the form that puts it elsewhere. */
function where(row: Pick<Post, "areaCode" | "lat" | "lon">) {
  const { areaCode, lat, lon } = row;
  return { areaCode, values: lat === null || lon === null ? {} : { lat, lon } };
}

/** Checkpoints with who is on duty. */
export function Checkpoints(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Checkpoint>[] = [
    { title: t("inbound.name"), sortBy: "name", key: "name", dataIndex: "name", fixed: "left" },
    { title: t("common.area"), sortBy: "area", key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("inbound.road"), key: "road", dataIndex: "road" },
    {
      title: t("inbound.kind"),
      key: "kind",
      render: (_, row) => wordFor(t, "inbound.values.checkpointKind", row.kind),
    },
    { title: t("common.position"), key: "position", render: (_, row) => <PositionText of={row} /> },
    { title: t("inbound.lead"), key: "lead", render: (_, row) => row.lead ?? t("inbound.nobody") },
    {
      title: "",
      key: "actions",
      render: (_, row) =>
        row.state === "open" ? (
          <span className="row-actions">
            <OperationButton operation="recordPasses" params={{ id: row.id }} values={{ passes: [{}] }} primary />
            <OperationButton operation="planShift" params={{ id: row.id }} />
            <OperationButton operation="locateCheckpoint" params={{ id: row.id }} {...where(row)} />
            <OperationButton
              operation="closeCheckpoint"
              params={{ id: row.id }}
              confirm={t("inbound.closeCheckpointConfirm")}
              danger
            />
          </span>
        ) : null,
    },
  ];
  return (
    <ListPage<Checkpoint>
      title={t("inbound.checkpoints.title")}
      intro={t("inbound.checkpoints.intro")}
      path="/api/v1/inbound/checkpoints"
      usual="area"
      topics={["inbound"]}
      columns={columns}
      rowKey="id"
      empty={t("inbound.checkpoints.empty")}
      actions={
        <>
          <OperationButton operation="openCheckpoint" />
          <SheetButtons name="inbound-checkpoints" canImport canExport />
        </>
      }
    />
  );
}

/** What passed the checkpoints, the latest first. */
export function Passes(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Pass>[] = [
    { title: t("inbound.at"), key: "at", render: (_, row) => <Moment at={row.at} /> },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("inbound.kind"), key: "kind", render: (_, row) => wordFor(t, "inbound.values.passKind", row.kind) },
    {
      title: t("inbound.outcome"),
      key: "outcome",
      render: (_, row) => <StateWord group="inbound.values.outcome" value={row.outcome} />,
    },
    {
      title: t("inbound.reason"),
      key: "reason",
      render: (_, row) => wordFor(t, "inbound.values.passReason", row.reason),
    },
    { title: t("inbound.level"), key: "level", render: (_, row) => wordFor(t, "inbound.values.level", row.level) },
    { title: t("inbound.temperature"), key: "temperature", align: "right", render: (_, row) => row.temperature ?? "–" },
  ];
  return (
    <ListPage<Pass>
      title={t("inbound.passes.title")}
      intro={t("inbound.passes.intro")}
      path="/api/v1/inbound/passes"
      topics={["inbound"]}
      columns={columns}
      rowKey="id"
      states={{ group: "inbound.values.outcome", values: passOutcomes }}
      empty={t("inbound.passes.empty")}
      actions={<SheetButtons name="inbound-passes" canExport />}
    />
  );
}

/** Co-investigation letters, the earliest due first. */
export function Letters(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Letter>[] = [
    { title: t("inbound.reference"), key: "reference", dataIndex: "reference", fixed: "left" },
    {
      title: t("inbound.direction"),
      key: "direction",
      render: (_, row) => wordFor(t, "inbound.values.direction", row.direction),
    },
    { title: t("inbound.counterpart"), key: "counterpart", dataIndex: "counterpart" },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="inbound.values.letterState" value={row.state} />,
    },
    { title: t("inbound.people"), key: "people", align: "right", dataIndex: "people" },
    { title: t("inbound.pending"), key: "pending", align: "right", dataIndex: "pending" },
    { title: t("inbound.answerBy"), key: "due", render: (_, row) => <Due at={row.dueAt} doneAt={row.answeredAt} /> },
    { title: "", key: "actions", render: (_, row) => <LetterActions row={row} /> },
  ];
  return (
    <ListPage<Letter>
      title={t("inbound.letters.title")}
      intro={t("inbound.letters.intro")}
      path="/api/v1/inbound/letters"
      topics={["inbound"]}
      columns={columns}
      rowKey="id"
      states={{ group: "inbound.values.letterState", values: letterStates }}
      empty={t("inbound.letters.empty")}
      actions={
        <>
          <OperationButton operation="enterLetter" values={{ people: [{}] }} />
          <SheetButtons name="inbound-letters" canImport canExport personal />
        </>
      }
    />
  );
}

function LetterActions(props: { readonly row: Letter }): ReactNode {
  const { t } = useTranslation();
  const { id, state, direction, pending } = props.row;
  if (state === "answered") return null;
  const params = { id };
  if (state === "open")
    return (
      <OperationButton operation="receiptLetter" params={params} confirm={t("inbound.giveReceiptConfirm")} primary />
    );
  return (
    <span className="row-actions">
      {direction === "in" && pending > 0 ? (
        <>
          <OperationButton operation="setLetterOutcome" params={params} />
          <OperationButton operation="setLetterOutcomes" params={params} values={{ outcomes: [{}] }} />
        </>
      ) : null}
      <OperationButton operation="answerLetter" params={params} confirm={t("inbound.answerConfirm")} />
    </span>
  );
}

/** Exposed posts: who is due, who is to be rotated. */
export function Posts(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Post>[] = [
    { title: t("inbound.name"), key: "name", dataIndex: "name", fixed: "left" },
    { title: t("inbound.code"), key: "code", dataIndex: "code" },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("common.position"), key: "position", render: (_, row) => <PositionText of={row} /> },
    { title: t("inbound.everyDays"), key: "every", align: "right", dataIndex: "testEveryDays" },
    { title: t("inbound.people"), key: "workers", align: "right", dataIndex: "workers" },
    { title: t("inbound.dueToday"), key: "due", align: "right", dataIndex: "due" },
    { title: t("inbound.rotate"), key: "rotate", align: "right", dataIndex: "rotate" },
    {
      title: "",
      key: "actions",
      render: (_, row) => (
        <span className="row-actions">
          <OperationButton operation="recordWorkerTests" params={{ id: row.id }} values={{ tests: [{}] }} />
          <OperationButton operation="joinPost" params={{ id: row.id }} />
          <OperationButton operation="leavePost" params={{ id: row.id }} />
          <OperationButton operation="locatePost" params={{ id: row.id }} {...where(row)} />
        </span>
      ),
    },
  ];
  return (
    <ListPage<Post>
      title={t("inbound.posts.title")}
      intro={t("inbound.posts.intro")}
      path="/api/v1/inbound/posts"
      topics={["inbound"]}
      columns={columns}
      rowKey="id"
      empty={t("inbound.posts.empty")}
      actions={
        <>
          <OperationButton operation="registerPost" />
          <SheetButtons name="inbound-closed-loop" canImport canExport />
        </>
      }
    />
  );
}

/** Batches of goods, the earliest due first. */
export function Goods(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<GoodsRow>[] = [
    { title: t("inbound.batch"), key: "batch", dataIndex: "batch", fixed: "left" },
    { title: t("inbound.kind"), key: "kind", render: (_, row) => wordFor(t, "inbound.values.goodsKind", row.kind) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("inbound.origin"), key: "origin", dataIndex: "origin" },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="inbound.values.goodsState" value={row.state} />,
    },
    {
      title: t("inbound.samples"),
      key: "samples",
      render: (_, row) => (row.positives === null ? "–" : `${row.positives} / ${row.samples}`),
    },
    { title: t("inbound.disinfectedAt"), key: "disinfected", render: (_, row) => <Moment at={row.disinfectedAt} /> },
    { title: t("inbound.decideBy"), key: "due", render: (_, row) => <Due at={row.dueAt} /> },
    { title: "", key: "actions", render: (_, row) => (row.state === "held" ? <GoodsActions id={row.id} /> : null) },
  ];
  return (
    <ListPage<GoodsRow>
      title={t("inbound.goods.title")}
      intro={t("inbound.goods.intro")}
      path="/api/v1/inbound/goods"
      topics={["inbound", "tasks"]}
      columns={columns}
      rowKey="id"
      states={{ group: "inbound.values.goodsState", values: goodsStates }}
      empty={t("inbound.goods.empty")}
      actions={<OperationButton operation="holdGoods" />}
    />
  );
}

function GoodsActions(props: { readonly id: string }): ReactNode {
  const { t } = useTranslation();
  const params = { id: props.id };
  return (
    <span className="row-actions">
      <OperationButton operation="recordGoodsResult" params={params} />
      <OperationButton operation="disinfectGoods" params={params} confirm={t("inbound.disinfectConfirm")} />
      <OperationButton operation="releaseGoods" params={params} confirm={t("inbound.releaseConfirm")} />
    </span>
  );
}
