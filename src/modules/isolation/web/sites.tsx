import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { siteKinds, siteLives, type Outlook, type SiteCard } from "#domain/isolation";
import { get, withQuery } from "#web/api";
import { wordFor } from "#web/i18n";
import { useSession } from "#web/session";
import { numberText } from "#web/time";
import { areaLabel } from "#webx/area-filter";
import { AreaPath } from "#webx/area-path";
import { ListPage, type ListSearch } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Due, Moment, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";
import { PageTabs } from "#webx/tabs";
import { DutyList, MissingLogs } from "./posts.tsx";
import { CareList, HomecomingList, StaffList } from "./guests.tsx";
import { HeldList } from "#webx/held-list";
import type { Column } from "#webx/rows";

/** Quarantine sites: their life, when rooms run out, the fangcang, staff, guests' requests, the way home. */
export function SitesPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "sites", label: t("sites.tabs.sites"), render: () => <SiteList kind={null} /> },
        { key: "outlook", label: t("sites.tabs.outlook"), render: () => <OutlookTable /> },
        { key: "fangcang", label: t("sites.tabs.fangcang"), render: () => <SiteList kind="fangcang" /> },
        { key: "logs", label: t("sites.tabs.logs"), render: () => <MissingLogs /> },
        { key: "posts", label: t("sites.tabs.posts"), render: () => <DutyList /> },
        { key: "staff", label: t("sites.tabs.staff"), render: () => <StaffList /> },
        { key: "care", label: t("sites.tabs.care"), render: () => <CareList /> },
        { key: "home", label: t("sites.tabs.home"), render: () => <HomecomingList /> },
      ]}
    />
  );
}

function useSiteColumns(): Column<SiteCard>[] {
  const { t } = useTranslation();
  return [
    {
      title: t("sites.name"),
      key: "name",
      fixed: "left",
      render: (_, row) => (
        <Link to="/sites/$id" params={{ id: row.id }}>
          {areaLabel(row)}
        </Link>
      ),
    },
    {
      title: t("sites.life"),
      key: "life",
      render: (_, row) => <StateWord group="sites.values.life" value={row.life} />,
    },
    { title: t("sites.due"), sortBy: "due", key: "due", render: (_, row) => <Due at={row.lifeDueAt} /> },
    { title: t("common.area"), sortBy: "area", key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("sites.leader"),
      key: "leader",
      render: (_, row) => (row.leader ? t("sites.named") : t("sites.notNamed")),
    },
    {
      title: t("sites.officer"),
      key: "officer",
      render: (_, row) => (row.officer ? t("sites.named") : t("sites.notNamed")),
    },
    {
      title: t("sites.rooms"),
      sortBy: "rooms",
      key: "rooms",
      align: "right",
      render: (_, row) => numberText(row.rooms),
    },
    {
      title: t("sites.beds"),
      sortBy: "free",
      key: "beds",
      align: "right",
      render: (_, row) => `${numberText(row.inUse)} / ${numberText(row.beds - row.blocked)}`,
    },
    { title: t("sites.since"), key: "since", render: (_, row) => <Moment at={row.lifeSince} /> },
  ];
}

function SiteList({ kind }: { readonly kind: "fangcang" | null }): ReactNode {
  const { t } = useTranslation();
  const session = useSession();
  return (
    <ListPage<SiteCard>
      title={kind === null ? t("sites.title") : t("sites.fangcang")}
      intro={kind === null ? t("sites.intro") : t("sites.fangcangIntro")}
      path="/api/v1/site-lives"
      usual="area"
      topics={["isolation"]}
      columns={useSiteColumns()}
      rowKey="id"
      states={{ group: "sites.values.life", values: siteLives }}
      {...(kind === null
        ? { filter: { name: "kind", label: t("sites.kind"), group: "enums.siteKind", values: siteKinds } }
        : { spell: (query) => ({ ...query, kind }) })}
      empty={t("sites.empty")}
      actions={
        kind === null ? (
          <>
            <OperationButton operation="addIsolationSites" />
            <OperationButton operation="nameSiteDuties" />
            <OperationButton operation="enterSiteLogs" />
            <SheetButtons
              name="isolation-sites"
              canImport={session?.permissions.includes("isolation.site.write") ?? false}
              canExport
            />
          </>
        ) : null
      }
    />
  );
}

/** When rooms run out, as they are and with the conversions in hand. */
function OutlookTable(): ReactNode {
  const { t } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const url = withQuery("/api/v1/site-outlook", { areaCode: search.areaCode });
  const found = useQuery({
    queryKey: ["list", url],
    queryFn: () => get<{ readonly items: readonly Outlook[] }>(url),
    meta: { topics: ["isolation"] },
  });
  const columns: Column<Outlook>[] = [
    {
      title: t("common.area"),
      key: "area",
      fixed: "left",
      render: (_, row) => (row.areaCode === "" ? t("sites.everywhere") : <AreaPath code={row.areaCode} />),
    },
    { title: t("sites.kind"), key: "kind", render: (_, row) => wordFor(t, "enums.siteKind", row.kind) },
    {
      title: t("sites.free"),
      key: "free",
      align: "right",
      order: (row) => row.free,
      render: (_, row) => numberText(row.free),
    },
    { title: t("sites.inHand"), key: "inHand", align: "right", render: (_, row) => numberText(row.inHand) },
    { title: t("sites.notOrdered"), key: "rest", align: "right", render: (_, row) => numberText(row.notOrdered) },
    {
      title: t("sites.netPerDay"),
      key: "net",
      align: "right",
      order: (row) => row.netPerDay,
      render: (_, row) => numberText(Math.round(row.netPerDay)),
    },
    {
      title: t("sites.runsOut"),
      key: "out",
      order: (row) => row.runsOutAt,
      render: (_, row) => <Moment at={row.runsOutAt} />,
    },
    {
      title: t("sites.runsOutWith"),
      key: "with",
      order: (row) => row.runsOutAtWith,
      render: (_, row) => <Moment at={row.runsOutAtWith} />,
    },
    { title: t("sites.order"), key: "order", render: (_, row) => (row.orderNow ? t("sites.orderNow") : "–") },
  ];
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t("sites.outlook")}</h1>
          <p className="page-intro">{t("sites.outlookIntro")}</p>
        </div>
      </header>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={8} /> : null}
      {found.data ? (
        <HeldList<Outlook>
          name="outlook"
          title={t("sites.outlook")}
          columns={columns}
          rows={found.data.items}
          rowKey={(row) => `${row.areaCode} ${row.kind}`}
          empty={t("sites.empty")}
        />
      ) : null}
    </div>
  );
}
