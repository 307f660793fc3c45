import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CheckRow, LifeEvent, LogRow, SiteCard, StaffRow } from "#domain/isolation";
import { get, withQuery, type Page } from "#web/api";
import { currentLanguage, wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { areaLabel } from "#webx/area-filter";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { DutyHolder, Steps } from "./site-steps.tsx";
import { OperationButton } from "#webx/operation";
import { useSite } from "./use-floors.ts";
import { Due, Moment, Nothing, Panel, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import { HeldList } from "#webx/held-list";
import { type Column, Rows } from "#webx/rows";

const shownMax = 30;

/** One site: its life with deadlines, its check-list, its posts, its days and its staff. */
export function SitePage(): ReactNode {
  const { t } = useTranslation();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const found = useSite(id);
  if (found.error)
    return (
      <ProblemNotice
        error={found.error}
        retry={() => void found.refetch()}
        back={<Link to="/sites">{t("sites.title")}</Link>}
      />
    );
  if (!found.data) return <Waiting rows={8} />;
  const { site, events, checks, missing, duties } = found.data;
  const held = duties.filter((duty) => duty.toAt === null);
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/sites">{t("sites.title")}</Link> ·{" "}
        <Link to="/sites/$id/floors" params={{ id }}>
          {t("sites.floors")}
        </Link>
      </p>
      <h1>{areaLabel(site)}</h1>
      <div className="columns">
        <Panel title={t("sites.life")} side={<Steps site={site} checks={checks} />}>
          <Facts
            rows={[
              [t("common.state"), <StateWord key="s" group="sites.values.life" value={site.life} />],
              [t("sites.due"), <Due key="d" at={site.lifeDueAt} />],
              [t("common.area"), <AreaPath key="a" code={site.areaCode} />],
              [t("sites.rooms"), numberText(site.rooms)],
              [t("sites.beds"), `${numberText(site.inUse)} / ${numberText(site.beds - site.blocked)}`],
              [t("sites.gained"), site.orderedAt === null ? "–" : numberText(site.rooms)],
            ]}
          />
          <Events events={events} />
        </Panel>
        <Panel title={t("sites.posts")} side={<OperationButton operation="nameSiteDuty" params={{ id: site.id }} />}>
          {held.length === 0 ? <Nothing text={t("sites.postsEmpty")} /> : null}
          <Facts
            rows={held.map(
              (duty) => [wordFor(t, "sites.values.duty", duty.role), <DutyHolder key={duty.id} duty={duty} />] as const,
            )}
          />
        </Panel>
        <Panel title={t("sites.days")} side={<OperationButton operation="enterSiteLog" params={{ id: site.id }} />}>
          <Logs siteId={site.id} />
        </Panel>
        <Panel
          title={t("sites.staff")}
          side={<OperationButton operation="registerSiteStaff" values={{ staff: [{ siteId: site.id }] }} />}
        >
          <Staff siteId={site.id} />
        </Panel>
      </div>
      <Panel title={t("sites.checklist", { missing: missing.length })}>
        <Checklist site={site} checks={checks} />
      </Panel>
    </div>
  );
}

function Events({ events }: { readonly events: readonly LifeEvent[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <ol className="steps">
      {events.map((event) => (
        <li key={`${event.life}${event.at}`}>
          {wordFor(t, "sites.values.life", event.life)} <Moment at={event.at} long />{" "}
          {event.wasDueAt ? <Due at={event.wasDueAt} doneAt={event.at} /> : null} {event.note}
        </li>
      ))}
    </ol>
  );
}

function Checklist(props: { readonly site: SiteCard; readonly checks: readonly CheckRow[] }): ReactNode {
  const { t } = useTranslation();
  const language = currentLanguage();
  const { site } = props;
  const open = site.life === "converted" || site.life === "checked";
  const columns: Column<CheckRow>[] = [
    {
      title: t("sites.item"),
      key: "item",
      render: (_, row) => (
        <>
          <span className="muted">{wordFor(t, "sites.values.part", row.part)}</span> {row.text[language]}
        </>
      ),
    },
    { title: t("sites.mandatory"), key: "must", render: (_, row) => (row.mandatory ? t("sites.yes") : t("sites.no")) },
    {
      title: t("sites.met"),
      key: "met",
      render: (_, row) => (row.met === null ? "–" : row.met ? t("common.met") : t("common.unmet")),
    },
    {
      title: t("sites.next"),
      key: "next",
      render: (_, row) =>
        open ? (
          <OperationButton
            operation="checkSite"
            label={row.met ? t("sites.do.unmet") : t("sites.do.met")}
            params={{ id: site.id }}
            confirm={row.text[language]}
            fixed={{ items: [{ item: row.item, met: row.met !== true }] }}
          />
        ) : null,
    },
  ];
  return <Rows<CheckRow> columns={columns} rows={props.checks} rowKey="item" bare />;
}

function Logs({ siteId }: { readonly siteId: string }): ReactNode {
  const { t } = useTranslation();
  const url = withQuery("/api/v1/site-logs", { siteId, limit: shownMax });
  const found = useQuery({ queryKey: ["list", url], queryFn: () => get<Page<LogRow>>(url) });
  const columns: Column<LogRow>[] = [
    { title: t("sites.day"), key: "day", render: (_, row) => row.day },
    { title: t("sites.cameIn"), key: "in", align: "right", render: (_, row) => row.cameIn },
    { title: t("sites.wentOut"), key: "out", align: "right", render: (_, row) => row.wentOut },
    { title: t("sites.present"), key: "present", align: "right", render: (_, row) => row.present },
    { title: t("sites.register"), key: "register", align: "right", render: (_, row) => row.registerPresent },
    { title: t("sites.incidents"), key: "incidents", align: "right", render: (_, row) => row.incidents },
  ];
  if (found.error) return <ProblemNotice error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting rows={4} />;
  return (
    <HeldList<LogRow>
      name="days"
      title={t("sites.days")}
      columns={columns}
      rows={found.data.items}
      rowKey="day"
      empty={t("sites.daysEmpty")}
      bare
    />
  );
}

function Staff({ siteId }: { readonly siteId: string }): ReactNode {
  const { t } = useTranslation();
  const url = withQuery("/api/v1/site-staff", { siteId, limit: shownMax });
  const found = useQuery({ queryKey: ["list", url], queryFn: () => get<Page<StaffRow>>(url) });
  if (found.error) return <ProblemNotice error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting rows={4} />;
  if (found.data.items.length === 0) return <Nothing text={t("sites.staffEmpty")} />;
  return (
    <Facts
      rows={found.data.items.map(
        (row) =>
          [
            `${row.code} · ${wordFor(t, "sites.values.workZone", row.zone)}`,
            <span key={row.id} className="row-actions">
              <Due at={row.dueAt} />
              <OperationButton operation="recordSiteStaffTests" values={{ tests: [{ staffId: row.id }] }} />
            </span>,
          ] as const,
      )}
    />
  );
}
