import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { dutyRoles, type DutyRow } from "#domain/isolation";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Moment } from "#webx/parts";
import { SiteName } from "./site-name.tsx";
import { DutyHolder } from "./site-steps.tsx";
import type { Column } from "#webx/rows";

interface MissingLog {
  readonly siteId: string;
  readonly siteName: string;
  readonly siteNameEn: string | null;
  readonly areaCode: string;
}

/** Who answers for the sites, who is stationed there, who leads their groups. */
export function DutyList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<DutyRow>[] = [
    {
      title: t("sites.name"),
      key: "site",
      fixed: "left",
      render: (_, row) => (
        <Link to="/sites/$id" params={{ id: row.siteId }}>
          <SiteName row={row} />
        </Link>
      ),
    },
    { title: t("sites.post"), key: "role", render: (_, row) => wordFor(t, "sites.values.duty", row.role) },
    { title: t("sites.personName"), key: "name", render: (_, row) => <DutyHolder duty={row} /> },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("sites.since"), key: "since", render: (_, row) => <Moment at={row.fromAt} /> },
  ];
  return (
    <ListPage<DutyRow>
      title={t("sites.posts")}
      intro={t("sites.postsIntro")}
      path="/api/v1/site-duties"
      topics={["isolation"]}
      columns={columns}
      rowKey="id"
      filter={{ name: "role", label: t("sites.post"), group: "sites.values.duty", values: dutyRoles }}
      empty={t("sites.postsEmpty")}
      actions={<OperationButton operation="nameSiteDuties" />}
    />
  );
}

/** Open sites that have not entered today's log. */
export function MissingLogs(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<MissingLog>[] = [
    {
      title: t("sites.name"),
      key: "site",
      fixed: "left",
      render: (_, row) => (
        <Link to="/sites/$id" params={{ id: row.siteId }}>
          <SiteName row={row} />
        </Link>
      ),
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("sites.next"),
      key: "next",
      render: (_, row) => <OperationButton operation="enterSiteLog" params={{ id: row.siteId }} />,
    },
  ];
  return (
    <ListPage<MissingLog>
      title={t("sites.missingLogs")}
      intro={t("sites.missingLogsIntro")}
      path="/api/v1/site-logs/missing"
      topics={["isolation"]}
      columns={columns}
      rowKey="siteId"
      empty={t("sites.missingLogsEmpty")}
      actions={<OperationButton operation="enterSiteLogs" />}
    />
  );
}
