import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { TextTemplates, WorkerRow } from "#domain/grid";
import { get, withQuery } from "#web/api";
import { useOutbreak } from "#web/board";
import { wordFor } from "#web/i18n";
import { useSession } from "#web/session";
import { numberText } from "#web/time";
import { AreaFilter } from "#webx/area-filter";
import { AreaPath } from "#webx/area-path";
import { ListPage, type ListSearch } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Nothing, Panel, ProblemNotice, Waiting } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";
import type { Column } from "#webx/rows";

/** Grid workers, cadres and volunteers by village. */
export function WorkersPart(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<WorkerRow>[] = [
    { title: t("field.name"), key: "name", fixed: "left", render: (_, row) => row.name },
    { title: t("field.no"), dataIndex: "no" },
    { title: t("field.role"), key: "role", render: (_, row) => wordFor(t, "grid.values.workerRole", row.role) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("grid.grid"), key: "grid", render: (_, row) => row.gridCode ?? "–" },
    { title: t("grid.force.phoneEnd"), key: "phone", render: (_, row) => row.phoneEnd ?? "–" },
  ];
  return (
    <ListPage<WorkerRow>
      title={t("grid.force.title")}
      intro={t("grid.force.intro")}
      path="/api/v1/grid/workers"
      topics={["grid"]}
      columns={columns}
      rowKey="id"
      empty={t("grid.force.empty")}
      actions={
        <>
          <OperationButton operation="registerGridWorkers" values={{ workers: [{}] }} />
          <SheetButtons name="grid-workers" canImport canExport />
        </>
      }
    />
  );
}

interface Figures {
  readonly grids: number;
  readonly workers: number;
  readonly doorsOpen: number;
  readonly doorsLate: number;
  readonly needsOpen: number;
  readonly needsLate: number;
  readonly streetsOpen: number;
  readonly hardToReach: number;
}

/** How grid work stands in the area that is chosen. */
export function FiguresStrip(): ReactNode {
  const { t } = useTranslation();
  const { areaCode }: ListSearch = useSearch({ strict: false });
  const url = withQuery("/api/v1/grid/figures", { areaCode });
  const found = useQuery({
    queryKey: ["figures", url],
    queryFn: () => get<Figures>(url),
    meta: { topics: ["grid"] },
  });
  if (found.error) return <ProblemNotice error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting rows={2} />;
  const figures = found.data;
  const shown = [
    [t("grid.figures.grids"), figures.grids],
    [t("grid.figures.workers"), figures.workers],
    [t("grid.figures.doorsOpen"), figures.doorsOpen],
    [t("grid.figures.doorsLate"), figures.doorsLate],
    [t("grid.figures.needsOpen"), figures.needsOpen],
    [t("grid.figures.needsLate"), figures.needsLate],
    [t("grid.figures.streetsOpen"), figures.streetsOpen],
    [t("grid.figures.hardToReach"), figures.hardToReach],
  ] as const;
  return (
    <dl className="figure-strip">
      {shown.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{numberText(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Leaflets and loudspeaker texts about the zone and the round of a place, to be printed or read out. */
export function TextsPart(): ReactNode {
  const { t } = useTranslation();
  const outbreak = useOutbreak();
  const session = useSession();
  const [areaCode, setAreaCode] = useState("");
  const found = useQuery({
    queryKey: ["gridTexts"],
    queryFn: () => get<TextTemplates>("/api/v1/grid/texts"),
    staleTime: Infinity,
  });
  const place = areaCode === "" ? (session?.areaCode ?? "") : areaCode;
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t("grid.texts.title")}</h1>
          <p className="page-intro">{t("grid.texts.intro")}</p>
        </div>
        <AreaFilter value={areaCode} cityCode={outbreak?.areaCode ?? ""} onChange={setAreaCode} />
      </header>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={4} /> : null}
      {found.data?.items.length === 0 ? <Nothing text={t("grid.texts.empty")} /> : null}
      <div className="columns">
        {(found.data?.items ?? []).map((text) => (
          <Panel key={text.id} title={text.title}>
            <p className="muted">{wordFor(t, "grid.values.textKind", text.kind)}</p>
            <Button
              href={withQuery("/api/v1/grid/texts/render", { template: text.id, areaCode: place, format: "html" })}
              target="_blank"
              disabled={place === ""}
            >
              {t("grid.texts.open")}
            </Button>
          </Panel>
        ))}
      </div>
    </div>
  );
}

/** The lanes of one village in the order in which they are walked. */
export function LanesButton(props: { readonly areaCode: string }): ReactNode {
  const { t } = useTranslation();
  const url = withQuery("/api/v1/grid/lanes", { areaCode: props.areaCode });
  const found = useQuery({
    queryKey: ["lanes", url],
    queryFn: () => get<{ readonly items: readonly string[] }>(url),
    enabled: props.areaCode.length === 12,
  });
  if (props.areaCode.length !== 12) return null;
  return (
    <OperationButton
      operation="setLanes"
      label={t("grid.streets.lanes")}
      fixed={{ areaCode: props.areaCode }}
      values={{ lanes: found.data?.items ?? [] }}
    />
  );
}
