import { useMutation } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Table, type TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { reachOutcomes, type DueReach } from "#domain/grid";
import { getFor, withQuery } from "#web/api";
import { wordFor } from "#web/i18n";
import { ActionButton } from "#webx/action";
import { AreaPath } from "#webx/area-path";
import type { ListSearch } from "#webx/list";
import { Moment, Nothing } from "#webx/parts";
import { PurposeForm } from "#webx/purpose";
import { SheetButtons } from "#webx/sheet-buttons";

type Due = DueReach["items"][number];

/** Who has no door and must be looked for now, by name; the purpose is asked first. */
export function ReachPart(): ReactNode {
  const { t } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const url = withQuery("/api/v1/grid/hard-to-reach/due", { areaCode: search.areaCode });
  const due = useMutation({ mutationFn: (reason: string) => getFor<DueReach>(url, reason) });
  const columns: TableColumnsType<Due> = [
    { title: t("grid.reach.called"), key: "called", fixed: "left", render: (_, row) => row.called },
    { title: t("grid.kind"), key: "kind", render: (_, row) => wordFor(t, "grid.values.reachKind", row.kind) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("grid.reach.place"), key: "place", render: (_, row) => row.usualPlace },
    { title: t("grid.reach.met"), key: "met", render: (_, row) => <Moment at={row.lastMetAt} /> },
    { title: t("grid.reach.tested"), key: "tested", render: (_, row) => <Moment at={row.lastTestedAt} /> },
    {
      title: "",
      key: "record",
      render: (_, row) => <Meeting id={row.id} />,
    },
  ];
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t("grid.reach.title")}</h1>
          <p className="page-intro">{t("grid.reach.intro")}</p>
        </div>
        <SheetButtons name="grid-hard-to-reach" canImport canExport personal />
      </header>
      {due.data ? (
        <Table<Due>
          size="small"
          className="rows"
          columns={columns}
          dataSource={due.data.items}
          rowKey="id"
          pagination={false}
          scroll={{ x: "max-content" }}
          locale={{ emptyText: <Nothing text={t("grid.reach.empty")} /> }}
        />
      ) : (
        <PurposeForm busy={due.isPending} error={due.error} onAsk={(reason) => due.mutate(reason)} />
      )}
    </div>
  );
}

/** Records one meeting. */
function Meeting(props: { readonly id: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <ActionButton
      label={t("grid.reach.record")}
      title={t("grid.reach.record")}
      url={`/api/v1/grid/hard-to-reach/${props.id}/meeting`}
      fields={[
        {
          name: "outcome",
          label: t("grid.reach.outcome"),
          kind: "choice",
          required: true,
          choices: reachOutcomes.map((value) => ({ value, label: wordFor(t, "grid.values.reachOutcome", value) })),
        },
        { name: "at", label: t("grid.reach.at"), kind: "moment", required: true },
      ]}
    />
  );
}
