import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { entryStates, type Entry, type ProgressDay, type Source } from "#domain/people";
import type { BaseCount } from "#domain/reports";
import { get, withQuery } from "#web/api";
import { wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { ListPage, type ListSearch } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Moment, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";
import { PageTabs } from "#webx/tabs";
import { Linkages } from "./linkages.tsx";
import { PersonSearch } from "./person.tsx";
import { PeopleList } from "./people.tsx";
import { ReviewQueue } from "./review.tsx";
import { HeldList } from "#webx/held-list";
import type { Column } from "#webx/rows";

/** The registers of people: sources and their quality, entries, the review queue, base counts, the week to be electronic. */
export function RegistersPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "sources", label: t("registers.tabs.sources"), render: () => <Sources /> },
        { key: "entries", label: t("registers.tabs.entries"), render: () => <Entries /> },
        { key: "linkages", label: t("registers.tabs.linkages"), render: () => <Linkages /> },
        { key: "review", label: t("registers.tabs.review"), render: () => <ReviewQueue /> },
        { key: "find", label: t("registers.tabs.find"), render: () => <PersonSearch /> },
        { key: "people", label: t("registers.people.title"), render: () => <PeopleList /> },
        { key: "base", label: t("registers.tabs.base"), render: () => <BaseCounts /> },
        { key: "progress", label: t("registers.tabs.progress"), render: () => <Progress /> },
      ]}
    />
  );
}

function share(part: number, whole: number): string {
  return whole === 0 ? "–" : `${Math.round((100 * part) / whole)} %`;
}

function SourceActions(props: { readonly row: Source }): ReactNode {
  const { t } = useTranslation();
  const params = { code: props.row.code };
  return (
    <span className="row-actions">
      <OperationButton operation="linkRegister" params={params} confirm={t("registers.linkConfirm")} />
      {props.row.electronicSince === null ? (
        <OperationButton operation="markRegisterElectronic" params={params} />
      ) : null}
    </span>
  );
}

function Sources(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Source>[] = [
    { title: t("registers.owner"), key: "owner", fixed: "left", render: (_, row) => row.owner },
    { title: t("registers.code"), key: "code", render: (_, row) => row.code },
    { title: t("registers.kind"), key: "kind", render: (_, row) => wordFor(t, "registers.values.kind", row.kind) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("registers.entries"), key: "entries", align: "right", render: (_, row) => numberText(row.entries) },
    { title: t("registers.withId"), key: "withId", align: "right", render: (_, row) => share(row.withId, row.entries) },
    {
      title: t("registers.validId"),
      key: "validId",
      align: "right",
      render: (_, row) => share(row.validId, row.entries),
    },
    { title: t("registers.linked"), key: "linked", align: "right", render: (_, row) => share(row.linked, row.entries) },
    { title: t("registers.inReview"), key: "review", align: "right", render: (_, row) => numberText(row.review) },
    { title: t("registers.duplicates"), key: "twice", align: "right", render: (_, row) => numberText(row.duplicates) },
    { title: t("registers.quality"), key: "quality", align: "right", render: (_, row) => row.quality ?? "–" },
    { title: t("registers.askedOn"), key: "asked", render: (_, row) => row.askedOn },
    { title: t("registers.electronicSince"), key: "since", render: (_, row) => row.electronicSince ?? "–" },
    { title: "", key: "act", fixed: "right", render: (_, row) => <SourceActions row={row} /> },
  ];
  return (
    <ListPage<Source>
      title={t("registers.title")}
      intro={t("registers.intro.sources")}
      path="/api/v1/registers"
      topics={["people"]}
      columns={columns}
      rowKey="code"
      actions={
        <>
          <OperationButton operation="openRegister" />
          <OperationButton operation="importPeople" />
        </>
      }
      empty={t("registers.empty.sources")}
    />
  );
}

function UndoButton(props: { readonly row: Entry }): ReactNode {
  if (props.row.state !== "linked") return null;
  return <OperationButton operation="undoRegisterLink" params={{ id: String(props.row.id) }} danger />;
}

function Entries(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Entry>[] = [
    { title: t("registers.name"), key: "name", fixed: "left", render: (_, row) => row.maskedName },
    { title: t("registers.code"), key: "register", render: (_, row) => row.register },
    { title: t("registers.ref"), key: "ref", render: (_, row) => row.ref },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="registers.values.entryState" value={row.state} />,
    },
    { title: t("registers.id"), key: "id", render: (_, row) => wordFor(t, "registers.values.idState", row.idState) },
    {
      title: t("registers.receivedAt"),
      key: "received",
      render: (_, row) => <Moment at={row.receivedAt} />,
    },
    { title: "", key: "act", fixed: "right", render: (_, row) => <UndoButton row={row} /> },
  ];
  return (
    <ListPage<Entry>
      title={t("registers.tabs.entries")}
      intro={t("registers.intro.entries")}
      path="/api/v1/register-entries"
      topics={["people"]}
      columns={columns}
      rowKey="id"
      states={{ group: "registers.values.entryState", values: entryStates }}
      actions={<SheetButtons name="people-register-entries" canImport canExport />}
      empty={t("registers.empty.entries")}
    />
  );
}

const levels = ["county", "town", "village"] as const;

function BaseCounts(): ReactNode {
  const { t } = useTranslation();
  const number = (value: number | null): string => (value === null ? "–" : numberText(value));
  const columns: Column<BaseCount>[] = [
    { title: t("common.area"), key: "name", fixed: "left", render: (_, row) => row.areaName },
    { title: t("registers.census"), key: "population", align: "right", render: (_, row) => number(row.population) },
    { title: t("registers.registered"), key: "people", align: "right", render: (_, row) => number(row.registered) },
    { title: t("registers.entries"), key: "entries", align: "right", render: (_, row) => number(row.entries) },
    { title: t("registers.unlinked"), key: "unlinked", align: "right", render: (_, row) => number(row.unlinked) },
    { title: t("registers.round"), key: "round", render: (_, row) => <Moment at={row.roundOpenedAt} /> },
    { title: t("registers.due"), key: "due", align: "right", render: (_, row) => number(row.due) },
    { title: t("registers.sampled"), key: "sampled", align: "right", render: (_, row) => number(row.sampled) },
    { title: t("registers.notDue"), key: "notDue", align: "right", render: (_, row) => number(row.notDue) },
    { title: t("registers.notSeen"), key: "notSeen", align: "right", render: (_, row) => number(row.notSeen) },
  ];
  return (
    <ListPage<BaseCount>
      title={t("registers.tabs.base")}
      intro={t("registers.intro.base")}
      path="/api/v1/base-counts"
      topics={["people", "screening"]}
      columns={columns}
      rowKey="areaCode"
      filter={{ name: "level", label: t("registers.level"), group: "registers.values.level", values: levels }}
      spell={(query) => ({ ...query, level: query["level"] ?? "county" })}
      empty={t("registers.empty.base")}
    />
  );
}

function Progress(): ReactNode {
  const { t, i18n } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const url = withQuery("/api/v1/register-progress", { areaCode: search.areaCode });
  const found = useQuery({
    queryKey: ["registers", url, i18n.language],
    queryFn: () => get<{ items: ProgressDay[] }>(url),
    meta: { topics: ["people"] },
  });
  const columns: Column<ProgressDay>[] = [
    { title: t("registers.day"), key: "day", render: (_, row) => row.day },
    { title: t("registers.asked"), key: "asked", align: "right", render: (_, row) => numberText(row.asked) },
    {
      title: t("registers.electronic"),
      key: "electronic",
      align: "right",
      render: (_, row) => `${numberText(row.electronic)} (${share(row.electronic, row.asked)})`,
    },
    { title: t("registers.late"), key: "late", align: "right", render: (_, row) => numberText(row.late) },
  ];
  return (
    <div className="page">
      <h1>{t("registers.tabs.progress")}</h1>
      <p className="page-intro">{t("registers.intro.progress")}</p>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={8} /> : null}
      {found.data ? (
        <HeldList<ProgressDay>
          name="days"
          title={t("registers.tabs.progress")}
          columns={columns}
          rows={found.data.items}
          rowKey="day"
          empty={t("registers.empty.sources")}
        />
      ) : null}
    </div>
  );
}
