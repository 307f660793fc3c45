import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { boxStates, type Box, type Lab, type Site } from "#domain/screening";
import type { FormValues } from "#kernel/form-values";
import { numberText } from "#web/time";
import { areaLabel } from "#webx/area-filter";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Bar, Moment, StateWord } from "#webx/parts";
import type { Column } from "#webx/rows";
import { PositionText } from "#webx/position-text";
import { SheetButtons } from "#webx/sheet-buttons";

const topics = ["screening"] as const;

/** The next step of a box, by where it is. */
function BoxStep({ row }: { readonly row: Box }): ReactNode {
  if (row.state === "open")
    return <OperationButton operation="sealBox" fixed={{ siteId: row.siteId, code: row.code }} primary />;
  const box = { code: row.code, ...(row.seal === null ? {} : { seal: row.seal }) };
  if (row.state === "sealed")
    return <OperationButton operation="handOverBoxes" fixed={{ siteId: row.siteId, boxes: [box] }} primary />;
  if (row.state === "in_transit")
    return (
      <OperationButton
        operation="receiveBoxes"
        values={{ courier: row.courier ?? "", boxes: [{ code: row.code, counted: row.tubes }] }}
        primary
      />
    );
  return null;
}

/** Boxes from the site to the laboratory, each counted at both ends. */
export function BoxesList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Box>[] = [
    { title: t("tubes.box"), key: "code", fixed: "left", render: (_, row) => <code>{row.code}</code> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="tubes.values.boxState" value={row.state} />,
    },
    { title: t("common.area"), sortBy: "area", key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("tubes.boxes.tubes"),
      key: "tubes",
      align: "right",
      render: (_, row) => numberText(row.tubes),
    },
    {
      title: t("tubes.boxes.counted"),
      key: "counted",
      align: "right",
      render: (_, row) =>
        row.counted !== null && row.counted !== row.tubes ? (
          <strong className="due-late">{t("tubes.boxes.differs", { counted: numberText(row.counted) })}</strong>
        ) : (
          (row.counted ?? "–")
        ),
    },
    { title: t("tubes.boxes.seal"), key: "seal", render: (_, row) => row.seal ?? "–" },
    { title: t("tubes.boxes.courier"), key: "courier", render: (_, row) => row.courier ?? "–" },
    {
      title: t("tubes.handedOverAt"),
      sortBy: "handedOver",
      key: "handed",
      render: (_, row) => <Moment at={row.handedOverAt} />,
    },
    {
      title: t("tubes.receivedAt"),
      sortBy: "received",
      key: "received",
      render: (_, row) => <Moment at={row.receivedAt} />,
    },
    { title: "", key: "act", render: (_, row) => <BoxStep row={row} /> },
  ];
  return (
    <ListPage<Box>
      title={t("tubes.boxes.title")}
      intro={t("tubes.boxes.intro")}
      path="/api/v1/boxes"
      usual="area"
      topics={topics}
      columns={columns}
      rowKey="id"
      states={{ group: "tubes.values.boxState", values: boxStates }}
      actions={
        <>
          <OperationButton operation="handOverBoxes" values={{ boxes: [{}] }} />
          <OperationButton operation="receiveBoxes" values={{ boxes: [{}] }} />
        </>
      }
      empty={t("tubes.boxes.empty")}
    />
  );
}

/** The facts of a place as its form takes them: what is not known is left out. */
function given(row: object): FormValues {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

/** Where samples are taken. */
export function SitesList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Site>[] = [
    { title: t("field.name"), key: "name", fixed: "left", render: (_, row) => areaLabel(row) },
    { title: t("field.code"), dataIndex: "code" },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("field.tables"), dataIndex: "tables", align: "right" },
    { title: t("common.position"), key: "position", render: (_, row) => <PositionText of={row} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="tubes.values.placeState" value={row.state} />,
    },
    {
      title: "",
      key: "act",
      render: (_, row) => (
        <OperationButton
          operation="registerSamplingSites"
          fixed={{ areaCode: row.areaCode }}
          values={{ sites: [given(row)] }}
          label={t("common.change")}
        />
      ),
    },
  ];
  return (
    <ListPage<Site>
      title={t("tubes.sites.title")}
      intro={t("tubes.sites.intro")}
      path="/api/v1/sampling-sites"
      topics={topics}
      columns={columns}
      rowKey="id"
      actions={
        <>
          <OperationButton operation="registerSamplingSites" values={{ sites: [{}] }} />
          <SheetButtons name="screening-sites" canImport canExport />
        </>
      }
      empty={t("tubes.sites.empty")}
    />
  );
}

/** The laboratories, and how much waits in each against what it does in a day. */
export function LabsList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Lab>[] = [
    { title: t("field.name"), key: "name", fixed: "left", render: (_, row) => areaLabel(row) },
    { title: t("field.code"), dataIndex: "code" },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("field.capacityTubesDay"),
      key: "capacity",
      align: "right",
      render: (_, row) => numberText(row.capacityTubesDay),
    },
    {
      title: t("tubes.labs.backlog"),
      key: "backlog",
      render: (_, row) => (
        <div className="cell-bar">
          <Bar
            label={t("tubes.labs.backlogOf", {
              backlog: numberText(row.backlog),
              capacity: numberText(row.capacityTubesDay),
            })}
            total={row.capacityTubesDay}
            parts={[{ key: "backlog", value: row.backlog, tone: "main" }]}
          />
          <span>{numberText(row.backlog)}</span>
        </div>
      ),
    },
    { title: t("common.position"), key: "position", render: (_, row) => <PositionText of={row} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="tubes.values.placeState" value={row.state} />,
    },
    {
      title: "",
      key: "act",
      render: (_, row) => (
        <OperationButton
          operation="registerLabs"
          fixed={{ areaCode: row.areaCode }}
          values={{ labs: [given(row)] }}
          label={t("common.change")}
        />
      ),
    },
  ];
  return (
    <ListPage<Lab>
      title={t("tubes.labs.title")}
      intro={t("tubes.labs.intro")}
      path="/api/v1/labs"
      topics={topics}
      columns={columns}
      rowKey="id"
      actions={
        <>
          <OperationButton operation="registerLabs" values={{ labs: [{}] }} />
          <SheetButtons name="screening-labs" canImport canExport />
        </>
      }
      empty={t("tubes.labs.empty")}
    />
  );
}
