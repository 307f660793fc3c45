import type { TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { publicationKinds, publicationStates, type Publication } from "#domain/reports";
import { currentLanguage, wordFor } from "#web/i18n";
import { ActionButton, type Field } from "#webx/action";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { Due, Moment, StateWord } from "#webx/parts";
import { PageTabs } from "#webx/tabs";
import { RequestsList } from "./requests.tsx";
import { RumoursList } from "./rumours.tsx";

/** Bulletins and notices, residents' requests, rumours: what the public is told and answered. */
export function PublicInformationPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "publications", label: t("publicinfo.tabs.publications"), render: () => <PublicationsList /> },
        { key: "requests", label: t("publicinfo.tabs.requests"), render: () => <RequestsList /> },
        { key: "rumours", label: t("publicinfo.tabs.rumours"), render: () => <RumoursList /> },
      ]}
    />
  );
}

const bodyCharsMax = 20_000;

function useNoticeFields(): readonly Field[] {
  const { t } = useTranslation();
  return [
    { name: "areaCode", label: t("common.area"), kind: "area", required: true },
    { name: "title.zh-CN", label: t("publicinfo.titleZh"), kind: "text", required: true, max: 200 },
    { name: "body.zh-CN", label: t("publicinfo.bodyZh"), kind: "long", required: true, max: bodyCharsMax },
    { name: "title.en", label: t("publicinfo.titleEn"), kind: "text", required: true, max: 200 },
    { name: "body.en", label: t("publicinfo.bodyEn"), kind: "long", required: true, max: bodyCharsMax },
  ];
}

function PublicationActions({ row }: { readonly row: Publication }): ReactNode {
  const { t } = useTranslation();
  const url = `/api/v1/publications/${row.id}`;
  const reason: Field = { name: "reason", label: t("publicinfo.reason"), kind: "text", required: true, max: 500 };
  if (row.state === "draft")
    return (
      <ActionButton
        label={t("publicinfo.do.submit")}
        title={t("publicinfo.do.submit")}
        url={`${url}/submit`}
        confirm={t("publicinfo.do.submitConfirm")}
      />
    );
  if (row.state === "submitted")
    return (
      <span className="row-actions">
        <ActionButton
          label={t("publicinfo.do.sign")}
          title={row.title[currentLanguage()]}
          url={`${url}/sign`}
          confirm={t("publicinfo.do.signConfirm")}
        />
        <ActionButton
          label={t("publicinfo.do.sendBack")}
          title={t("publicinfo.do.sendBack")}
          url={`${url}/send-back`}
          fields={[reason]}
        />
      </span>
    );
  if (row.state !== "published") return null;
  return (
    <ActionButton
      label={t("publicinfo.do.withdraw")}
      title={t("publicinfo.do.withdraw")}
      url={`${url}/withdraw`}
      fields={[{ ...reason, help: t("publicinfo.do.withdrawHelp") }]}
      danger
    />
  );
}

function PublicationsList(): ReactNode {
  const { t } = useTranslation();
  const language = currentLanguage();
  const noticeFields = useNoticeFields();
  const columns: TableColumnsType<Publication> = [
    {
      title: t("publicinfo.name"),
      key: "name",
      fixed: "left",
      render: (_, row) => (
        <details>
          <summary>{row.title[language]}</summary>
          <p className="pre">{row.body[language]}</p>
        </details>
      ),
    },
    {
      title: t("publicinfo.kind"),
      key: "kind",
      render: (_, row) => wordFor(t, "publicinfo.values.kind", row.kind),
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="publicinfo.values.state" value={row.state} />,
    },
    { title: t("publicinfo.written"), key: "written", render: (_, row) => <Moment at={row.writtenAt} /> },
    { title: t("publicinfo.due"), key: "due", render: (_, row) => <Due at={row.dueAt} doneAt={row.signedAt} /> },
    { title: t("publicinfo.signed"), key: "signed", render: (_, row) => <Moment at={row.signedAt} /> },
    { key: "act", render: (_, row) => <PublicationActions row={row} /> },
  ];
  return (
    <ListPage<Publication>
      title={t("publicinfo.title")}
      intro={t("publicinfo.intro")}
      path="/api/v1/publications"
      topics={["reports"]}
      columns={columns}
      rowKey="id"
      states={{ group: "publicinfo.values.state", values: publicationStates }}
      filter={{
        name: "kind",
        label: t("publicinfo.kind"),
        group: "publicinfo.values.kind",
        values: publicationKinds,
      }}
      empty={t("publicinfo.emptyPublications")}
      actions={
        <>
          <ActionButton
            label={t("publicinfo.do.bulletin")}
            title={t("publicinfo.do.bulletin")}
            url="/api/v1/publications/bulletins"
            confirm={t("publicinfo.do.bulletinConfirm")}
          />
          <ActionButton
            label={t("publicinfo.do.notice")}
            title={t("publicinfo.do.notice")}
            url="/api/v1/publications/notices"
            fields={noticeFields}
          />
        </>
      }
    />
  );
}
