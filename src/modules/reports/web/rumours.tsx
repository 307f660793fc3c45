import type { TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { rumourStates, verdicts, type Rumour } from "#domain/reports";
import { currentLanguage, wordFor } from "#web/i18n";
import { ActionButton } from "#webx/action";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { Due, Moment, StateWord } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";

function RumourActions({ row }: { readonly row: Rumour }): ReactNode {
  const { t } = useTranslation();
  const url = `/api/v1/rumours/${row.id}`;
  if (row.state === "published" || row.state === "closed") return null;
  return (
    <span className="row-actions">
      <ActionButton
        label={t("publicinfo.do.check")}
        title={t("publicinfo.do.check")}
        url={`${url}/check`}
        fields={[
          {
            name: "verdict",
            label: t("publicinfo.verdict"),
            kind: "choice",
            required: true,
            choices: verdicts.map((value) => ({ value, label: wordFor(t, "publicinfo.values.verdict", value) })),
          },
          { name: "fact.zh-CN", label: t("publicinfo.factZh"), kind: "long", required: true },
          { name: "fact.en", label: t("publicinfo.factEn"), kind: "long", required: true },
          { name: "source", label: t("publicinfo.source"), kind: "text", required: true, max: 400 },
        ]}
      />
      {row.state === "checked" ? (
        <ActionButton
          label={t("publicinfo.do.sign")}
          title={t("publicinfo.do.sign")}
          url={`${url}/sign`}
          confirm={t("publicinfo.do.signConfirm")}
        />
      ) : null}
    </span>
  );
}

/** Rumours with the facts that answer them. */
export function RumoursList(): ReactNode {
  const { t } = useTranslation();
  const language = currentLanguage();
  const columns: TableColumnsType<Rumour> = [
    { title: t("publicinfo.claim"), dataIndex: "claim", key: "claim", fixed: "left", className: "wrap" },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="publicinfo.values.rumourState" value={row.state} />,
    },
    { title: t("publicinfo.due"), key: "due", render: (_, row) => <Due at={row.dueAt} doneAt={row.signedAt} /> },
    {
      title: t("publicinfo.verdict"),
      key: "verdict",
      render: (_, row) => wordFor(t, "publicinfo.values.verdict", row.verdict),
    },
    { title: t("publicinfo.fact"), key: "fact", className: "wrap", render: (_, row) => row.fact?.[language] ?? "–" },
    { title: t("publicinfo.source"), key: "source", render: (_, row) => row.source ?? "–" },
    { title: t("publicinfo.seen"), dataIndex: "seenWhere", key: "seen" },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("publicinfo.recorded"), key: "recorded", render: (_, row) => <Moment at={row.recordedAt} /> },
    { key: "act", render: (_, row) => <RumourActions row={row} /> },
  ];
  return (
    <ListPage<Rumour>
      title={t("publicinfo.tabs.rumours")}
      intro={t("publicinfo.introRumours")}
      path="/api/v1/rumours"
      topics={["reports"]}
      columns={columns}
      rowKey="id"
      states={{ group: "publicinfo.values.rumourState", values: rumourStates }}
      empty={t("publicinfo.emptyRumours")}
      actions={
        <>
          <SheetButtons name="reports-rumours" canImport canExport />
          <ActionButton
            label={t("publicinfo.do.record")}
            title={t("publicinfo.do.record")}
            url="/api/v1/rumours"
            fields={[
              { name: "areaCode", label: t("common.area"), kind: "area", required: true },
              { name: "claim", label: t("publicinfo.claim"), kind: "long", required: true, max: 1_000 },
              { name: "seenWhere", label: t("publicinfo.seen"), kind: "text", required: true, max: 200 },
            ]}
          />
        </>
      }
    />
  );
}
