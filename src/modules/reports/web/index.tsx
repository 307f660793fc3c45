import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { publicationKinds, publicationStates, type Publication } from "#domain/reports";
import { currentLanguage, wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Due, Moment, StateWord } from "#webx/parts";
import { PageTabs } from "#webx/tabs";
import { RequestsList } from "./requests.tsx";
import { RumoursList } from "./rumours.tsx";
import type { Column } from "#webx/rows";

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

/** The next steps of a publication; who wrote it does not sign it. */
function PublicationActions({ row }: { readonly row: Publication }): ReactNode {
  const { t } = useTranslation();
  const params = { id: row.id };
  if (row.state === "draft")
    return (
      <span className="row-actions">
        <OperationButton operation="editPublication" params={params} values={{ title: row.title, body: row.body }} />
        <OperationButton
          operation="submitPublication"
          params={params}
          confirm={t("publicinfo.do.submitConfirm")}
          primary
        />
      </span>
    );
  if (row.state === "submitted")
    return (
      <span className="row-actions">
        <OperationButton operation="signPublication" params={params} confirm={t("publicinfo.do.signConfirm")} primary />
        <OperationButton operation="sendBackPublication" params={params} />
      </span>
    );
  if (row.state !== "published") return null;
  return (
    <OperationButton operation="withdrawPublication" params={params} confirm={t("publicinfo.do.withdrawHelp")} danger />
  );
}

function PublicationsList(): ReactNode {
  const { t } = useTranslation();
  const language = currentLanguage();
  const columns: Column<Publication>[] = [
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
          <OperationButton operation="draftBulletin" confirm={t("publicinfo.do.bulletinConfirm")} />
          <OperationButton operation="draftNotice" />
        </>
      }
    />
  );
}
