import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ContactDetail, ContactPerson, ExposureRow } from "#domain/tracing";
import { get } from "#web/api";
import { wordFor } from "#web/i18n";
import { durationText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { OperationButton } from "#webx/operation";
import { Due, Moment, Panel, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import { RevealButton } from "#webx/reveal";
import { Timeline } from "#webx/timeline";
import { type Column, Rows } from "#webx/rows";

/** One contact: the exposures that made them one, each with its rule, and whether they were placed in time. */
export function ContactPage(): ReactNode {
  const { t } = useTranslation();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const found = useQuery({
    queryKey: ["contact", id],
    queryFn: () => get<ContactDetail>(`/api/v1/contacts/${encodeURIComponent(id)}`),
    meta: { topics: ["tracing", "isolation"] },
  });
  if (found.error)
    return (
      <ProblemNotice
        error={found.error}
        retry={() => void found.refetch()}
        back={<Link to="/contacts">{t("contacts.title")}</Link>}
      />
    );
  if (!found.data) return <Waiting rows={8} />;
  const contact = found.data;
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/contacts">{t("contacts.title")}</Link>
      </p>
      <header className="page-head">
        <h1>
          {wordFor(t, "enums.contactKind", contact.kind)} <StateWord group="enums.contactState" value={contact.state} />
        </h1>
        <div className="page-actions">
          <ContactActions contact={contact} />
        </div>
      </header>
      <Panel title={t("contacts.facts")}>
        <ContactFacts contact={contact} />
      </Panel>
      <Panel title={t("contacts.exposures")}>
        <Exposures rows={contact.exposures} />
      </Panel>
      <Timeline subjects={[{ type: "contact", id: contact.id }]} />
    </div>
  );
}

/** Who it is, for those who say why; and the ways in which a contact leaves the list. */
function ContactActions({ contact }: { readonly contact: ContactDetail }): ReactNode {
  const { t } = useTranslation();
  const params = { id: contact.id };
  const open = contact.state !== "excluded" && contact.state !== "released" && contact.state !== "converted";
  return (
    <>
      <RevealButton<ContactPerson>
        label={t("contacts.who")}
        path={`/api/v1/contacts/${encodeURIComponent(contact.id)}/person`}
        show={(person) => (
          <Facts
            rows={[
              [t("contacts.person.name"), person.name],

              [t("common.area"), <AreaPath key="a" code={person.areaCode} />],
            ]}
          />
        )}
      />
      {open ? (
        <>
          <OperationButton operation="handOverContact" params={params} confirm={t("contacts.confirm.handOver")} />
          <OperationButton operation="excludeContact" params={params} confirm={t("contacts.confirm.exclude")} danger />
        </>
      ) : null}
    </>
  );
}

function ContactFacts(props: { readonly contact: ContactDetail }): ReactNode {
  const { t } = useTranslation();
  const { contact } = props;
  return (
    <Facts
      rows={[
        [
          t("contacts.case"),
          <Link key="c" to="/cases/$id" params={{ id: contact.caseId }}>
            {contact.caseNumber ?? t("contacts.openCase")}
          </Link>,
        ],
        [t("common.area"), <AreaPath key="a" code={contact.areaCode} />],
        [t("contacts.setting"), wordFor(t, "enums.setting", contact.setting)],
        [t("common.rule"), <code key="r">{contact.ruleId}</code>],
        [t("contacts.lastExposure"), <Moment key="m" at={contact.lastExposureAt} long />],
        [t("contacts.identified"), <Moment key="m" at={contact.identifiedAt} long />],
        [t("contacts.dueAt"), <Moment key="m" at={contact.dueAt} long />],
        [t("contacts.placedAt"), <Moment key="m" at={contact.placedAt} long />],
        [t("contacts.placing"), <Due key="d" at={contact.dueAt} doneAt={contact.placedAt} />],
        [t("contacts.releasedAt"), <Moment key="m" at={contact.releasedAt} long />],
        [t("contacts.excluded"), contact.excludedReason ?? "–"],
      ]}
    />
  );
}

function Exposures(props: { readonly rows: readonly ExposureRow[] }): ReactNode {
  const { t } = useTranslation();
  const columns: Column<ExposureRow>[] = [
    { title: t("contacts.setting"), key: "setting", render: (_, row) => wordFor(t, "enums.setting", row.setting) },
    { title: t("contacts.place"), key: "place", render: (_, row) => row.place ?? "–" },
    { title: t("contacts.lastAt"), key: "lastAt", render: (_, row) => <Moment at={row.lastAt} /> },
    { title: t("contacts.overlap"), key: "overlap", render: (_, row) => durationText(t, row.overlapMinutes) },
    { title: t("contacts.gap"), key: "gap", render: (_, row) => durationText(t, row.gapMinutes) },
    { title: t("contacts.source"), key: "source", render: (_, row) => wordFor(t, "enums.exposureSource", row.source) },
    { title: t("contacts.class"), key: "class", render: (_, row) => wordFor(t, "enums.contactKind", row.class) },
    { title: t("common.rule"), key: "rule", render: (_, row) => (row.ruleId ? <code>{row.ruleId}</code> : "–") },
  ];
  return (
    <Rows<ExposureRow>
      columns={columns}
      rows={props.rows}
      rowKey={(row) => `${row.caseId} ${row.setting} ${row.place ?? ""} ${row.lastAt}`}
      bare
      empty={t("contacts.noExposures")}
    />
  );
}
