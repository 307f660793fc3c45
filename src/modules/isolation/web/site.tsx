import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Table, type TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { dutyRoles, type CheckRow, type LifeEvent, type LogRow, type SiteCard, type StaffRow } from "#domain/isolation";
import { get, withQuery, type Page } from "#web/api";
import { currentLanguage, wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { ActionButton, type Field } from "#webx/action";
import { areaLabel } from "#webx/area-filter";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { useSite } from "./use-floors.ts";
import { Due, Moment, Panel, ProblemNotice, StateWord, Waiting } from "#webx/parts";

const shownMax = 30;

/** One site: its life with deadlines, its check-list, its posts, its days and its staff. */
export function SitePage(): ReactNode {
  const { t } = useTranslation();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const found = useSite(id);
  if (found.error) return <ProblemNotice error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting rows={8} />;
  const { site, events, checks, missing, duties } = found.data;
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
        <Panel title={t("sites.posts")} side={<NamePost site={site} />}>
          <Facts
            rows={duties
              .filter((duty) => duty.toAt === null)
              .map((duty) => [wordFor(t, "sites.values.duty", duty.role), duty.name] as const)}
          />
        </Panel>
        <Panel title={t("sites.checklist", { missing: missing.length })}>
          <Checklist site={site} checks={checks} />
        </Panel>
        <Panel title={t("sites.days")} side={<EnterLog site={site} />}>
          <Logs siteId={site.id} />
        </Panel>
        <Panel title={t("sites.staff")}>
          <Staff siteId={site.id} />
        </Panel>
      </div>
    </div>
  );
}

/** The step that comes next. */
function Steps(props: { readonly site: SiteCard; readonly checks: readonly CheckRow[] }): ReactNode {
  const { t } = useTranslation();
  const { site, checks } = props;
  const url = `/api/v1/site-lives/${site.id}`;
  const note: Field = { name: "note", label: t("sites.note"), kind: "text", max: 500 };
  const step = (name: string, to: string, fields?: readonly Field[]): ReactNode => (
    <ActionButton label={name} title={name} url={to} {...(fields ? { fields } : { confirm: areaLabel(site) })} />
  );
  if (site.life === "selected" || site.life === "stoodDown") return step(t("sites.do.order"), `${url}/order`, [note]);
  if (site.life === "converting") return step(t("sites.do.converted"), `${url}/converted`, [note]);
  if (site.life === "checked") return step(t("sites.do.open"), `/api/v1/isolation-sites/${site.id}/open`);
  if (site.life === "opened") return step(t("sites.do.close"), `/api/v1/isolation-sites/${site.id}/close`);
  if (site.life === "cleaning") return step(t("sites.do.standDown"), `${url}/stand-down`, [note]);
  return (
    <span className="row-actions">
      <ActionButton
        label={t("sites.do.allMet")}
        title={t("sites.do.allMet")}
        url={`${url}/check`}
        confirm={t("sites.do.allMetConfirm")}
        fixed={{ items: checks.map(({ item }) => ({ item, met: true })) }}
      />
      {step(t("sites.do.sendBack"), `${url}/send-back`, [{ ...note, required: true }])}
    </span>
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

function NamePost({ site }: { readonly site: SiteCard }): ReactNode {
  const { t } = useTranslation();
  const choices = dutyRoles.map((value) => ({ value, label: wordFor(t, "sites.values.duty", value) }));
  return (
    <ActionButton
      label={t("sites.do.name")}
      title={t("sites.do.name")}
      url={`/api/v1/site-lives/${site.id}/posts`}
      fields={[
        { name: "role", label: t("sites.post"), kind: "choice", choices, required: true },
        { name: "name", label: t("sites.personName"), kind: "text", required: true, max: 60 },
        { name: "phone", label: t("sites.phone"), kind: "text", max: 40 },
      ]}
    />
  );
}

function Checklist(props: { readonly site: SiteCard; readonly checks: readonly CheckRow[] }): ReactNode {
  const { t } = useTranslation();
  const language = currentLanguage();
  const { site } = props;
  const open = site.life === "converted" || site.life === "checked";
  const columns: TableColumnsType<CheckRow> = [
    { title: t("sites.part"), key: "part", render: (_, row) => wordFor(t, "sites.values.part", row.part) },
    { title: t("sites.item"), key: "item", render: (_, row) => row.text[language] },
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
          <ActionButton
            label={row.met ? t("sites.do.unmet") : t("sites.do.met")}
            title={row.text[language]}
            url={`/api/v1/site-lives/${site.id}/check`}
            confirm={row.text[language]}
            fixed={{ items: [{ item: row.item, met: row.met !== true }] }}
          />
        ) : null,
    },
  ];
  return (
    <Table<CheckRow> size="small" columns={columns} dataSource={[...props.checks]} rowKey="item" pagination={false} />
  );
}

function EnterLog({ site }: { readonly site: SiteCard }): ReactNode {
  const { t } = useTranslation();
  const count = (name: string, label: string): Field => ({ name, label, kind: "number", required: true, min: 0 });
  return (
    <ActionButton
      label={t("sites.do.log")}
      title={t("sites.do.log")}
      url={`/api/v1/site-lives/${site.id}/log`}
      fields={[
        { name: "day", label: t("sites.day"), kind: "day", required: true },
        count("cameIn", t("sites.cameIn")),
        count("wentOut", t("sites.wentOut")),
        count("present", t("sites.present")),
        count("incidents", t("sites.incidents")),
        { name: "note", label: t("sites.note"), kind: "long", max: 1_000 },
      ]}
    />
  );
}

function Logs({ siteId }: { readonly siteId: string }): ReactNode {
  const { t } = useTranslation();
  const url = withQuery("/api/v1/site-logs", { siteId, limit: shownMax });
  const found = useQuery({ queryKey: ["list", url], queryFn: () => get<Page<LogRow>>(url) });
  const columns: TableColumnsType<LogRow> = [
    { title: t("sites.day"), key: "day", render: (_, row) => row.day },
    { title: t("sites.cameIn"), key: "in", align: "right", render: (_, row) => row.cameIn },
    { title: t("sites.wentOut"), key: "out", align: "right", render: (_, row) => row.wentOut },
    { title: t("sites.present"), key: "present", align: "right", render: (_, row) => row.present },
    { title: t("sites.register"), key: "register", align: "right", render: (_, row) => row.registerPresent },
    { title: t("sites.incidents"), key: "incidents", align: "right", render: (_, row) => row.incidents },
  ];
  if (!found.data) return <Waiting rows={4} />;
  return (
    <Table<LogRow> size="small" columns={columns} dataSource={[...found.data.items]} rowKey="day" pagination={false} />
  );
}

function Staff({ siteId }: { readonly siteId: string }): ReactNode {
  const { t } = useTranslation();
  const url = withQuery("/api/v1/site-staff", { siteId, limit: shownMax });
  const found = useQuery({ queryKey: ["list", url], queryFn: () => get<Page<StaffRow>>(url) });
  if (!found.data) return <Waiting rows={4} />;
  return (
    <Facts
      rows={found.data.items.map(
        (row) =>
          [
            `${row.code} · ${wordFor(t, "sites.values.workZone", row.zone)}`,
            <Due key={row.id} at={row.dueAt} />,
          ] as const,
      )}
    />
  );
}
