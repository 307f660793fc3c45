import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import {
  careKinds,
  careStates,
  homecomingStates,
  type CareRow,
  type HomecomingRow,
  type StaffRow,
} from "#domain/isolation";
import { newKey, post } from "#web/api";
import { wordFor } from "#web/i18n";
import { useSession } from "#web/session";
import { OperationButton } from "#webx/operation";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { Due, Moment, StateWord } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";
import { SiteName } from "./site-name.tsx";
import { areaLabel } from "#webx/area-filter";
import type { Column } from "#webx/rows";

/** Staff of sites with the day of their next test. */
export function StaffList(): ReactNode {
  const { t } = useTranslation();
  const session = useSession();
  const columns: Column<StaffRow>[] = [
    { title: t("sites.name"), key: "site", fixed: "left", render: (_, row) => <SiteName row={row} /> },
    { title: t("sites.code"), key: "code", render: (_, row) => row.code },
    { title: t("sites.workZone"), key: "zone", render: (_, row) => wordFor(t, "sites.values.workZone", row.zone) },
    { title: t("sites.lastTest"), key: "last", render: (_, row) => <Moment at={row.lastTestedAt} /> },
    { title: t("sites.result"), key: "result", render: (_, row) => wordFor(t, "enums.result", row.lastResult) },
    { title: t("sites.nextTest"), key: "due", render: (_, row) => <Due at={row.dueAt} /> },
    {
      title: t("sites.next"),
      key: "next",
      render: (_, row) => (
        <OperationButton operation="recordSiteStaffTests" values={{ tests: [{ staffId: row.id }] }} />
      ),
    },
  ];
  return (
    <ListPage<StaffRow>
      title={t("sites.staff")}
      intro={t("sites.staffIntro")}
      path="/api/v1/site-staff"
      topics={["isolation"]}
      columns={columns}
      rowKey="id"
      empty={t("sites.staffEmpty")}
      actions={
        <>
          <OperationButton operation="registerSiteStaff" />
          <SheetButtons
            name="isolation-site-staff"
            canImport={session?.permissions.includes("isolation.log.write") ?? false}
            canExport
          />
        </>
      }
    />
  );
}

function CareActions({ row }: { readonly row: CareRow }): ReactNode {
  const fixed = { requestIds: [row.id] };
  if (row.state === "asked") return <OperationButton operation="answerCare" fixed={fixed} />;
  if (row.state === "answered")
    return <OperationButton operation="confirmCare" fixed={fixed} values={{ helped: true }} />;
  return null;
}

/** What guests ask for, due first. */
export function CareList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<CareRow>[] = [
    { title: t("sites.name"), key: "site", fixed: "left", render: (_, row) => <SiteName row={row} /> },
    { title: t("sites.kind"), key: "kind", render: (_, row) => wordFor(t, "sites.values.careKind", row.kind) },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="sites.values.careState" value={row.state} />,
    },
    { title: t("sites.askedAt"), key: "asked", render: (_, row) => <Moment at={row.askedAt} /> },
    { title: t("sites.due"), key: "due", render: (_, row) => <Due at={row.dueAt} doneAt={row.answeredAt} /> },
    { title: t("sites.sentBack"), key: "back", align: "right", render: (_, row) => row.sentBack },
    { title: t("sites.next"), key: "next", render: (_, row) => <CareActions row={row} /> },
  ];
  return (
    <ListPage<CareRow>
      title={t("sites.care")}
      intro={t("sites.careIntro")}
      path="/api/v1/care-requests"
      topics={["isolation", "tasks"]}
      columns={columns}
      rowKey="id"
      states={{ group: "sites.values.careState", values: careStates }}
      filter={{ name: "kind", label: t("sites.kind"), group: "sites.values.careKind", values: careKinds }}
      bulk={[
        {
          key: "confirm",
          operation: "confirmCare",
          may: (row) => row.state === "answered",
          name: (row) =>
            `${areaLabel({ name: row.siteName, nameEn: row.siteNameEn })} ${wordFor(t, "sites.values.careKind", row.kind)}`,
          send: (row) =>
            post("/api/v1/care-requests/confirm", { requestIds: [row.id], helped: true }, { key: newKey() }),
        },
      ]}
      empty={t("sites.careEmpty")}
      actions={
        <>
          <OperationButton operation="askCare" />
          <SheetButtons name="isolation-care" canImport={false} canExport />
        </>
      }
    />
  );
}

function HomeActions({ row }: { readonly row: HomecomingRow }): ReactNode {
  const { t } = useTranslation();
  const fixed = { homecomingIds: [row.id] };
  if (row.state === "expected")
    return <OperationButton operation="handOverHome" fixed={fixed} confirm={t("sites.do.handOverConfirm")} />;
  if (row.state === "handedOver")
    return <OperationButton operation="receiveHome" fixed={fixed} confirm={t("sites.do.receiveConfirm")} />;
  return null;
}

/** People coming home, from our sites and from elsewhere; both ends sign. */
export function HomecomingList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<HomecomingRow>[] = [
    { title: t("common.area"), key: "area", fixed: "left", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="sites.values.homecomingState" value={row.state} />,
    },
    { title: t("sites.origin"), key: "origin", render: (_, row) => wordFor(t, "sites.values.origin", row.origin) },
    { title: t("sites.from"), key: "from", render: (_, row) => row.fromPlace ?? "–" },
    { title: t("sites.expectedAt"), key: "expected", render: (_, row) => <Moment at={row.expectedAt} /> },
    { title: t("sites.handedAt"), key: "handed", render: (_, row) => <Moment at={row.handedAt} /> },
    { title: t("sites.due"), key: "due", render: (_, row) => <Due at={row.dueAt} doneAt={row.receivedAt} /> },
    { title: t("sites.next"), key: "next", render: (_, row) => <HomeActions row={row} /> },
  ];
  return (
    <ListPage<HomecomingRow>
      title={t("sites.home")}
      intro={t("sites.homeIntro")}
      path="/api/v1/homecomings"
      topics={["isolation", "tasks"]}
      columns={columns}
      rowKey="id"
      states={{ group: "sites.values.homecomingState", values: homecomingStates }}
      empty={t("sites.homeEmpty")}
      actions={<OperationButton operation="expectHomecomings" />}
      bulk={[
        {
          key: "handOver",
          label: t("sites.bulk.handOver"),
          operation: "handOverHome",
          confirm: (count) => t("sites.bulk.handOverConfirm", { count }),
          may: (row) => row.state === "expected",
          name: (row) => row.fromPlace ?? row.areaCode,
          send: (row) => post("/api/v1/homecomings/hand-over", { homecomingIds: [row.id] }, { key: newKey() }),
        },
        {
          key: "receive",
          label: t("sites.bulk.receive"),
          operation: "receiveHome",
          confirm: (count) => t("sites.bulk.receiveConfirm", { count }),
          may: (row) => row.state === "handedOver",
          name: (row) => row.fromPlace ?? row.areaCode,
          send: (row) => post("/api/v1/homecomings/receive", { homecomingIds: [row.id] }, { key: newKey() }),
        },
      ]}
    />
  );
}
