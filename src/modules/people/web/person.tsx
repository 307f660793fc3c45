import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { useId, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { idKinds, type PersonCard } from "#domain/people";
import type { CoPresence, VisitRow } from "#domain/venues";
import { getFor, withQuery, post } from "#web/api";
import { currentLanguage, wordFor } from "#web/i18n";
import { useNowMs } from "#web/live";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { Moment, Nothing, Panel, ProblemNotice } from "#webx/parts";
import { HeldList } from "#webx/held-list";
import type { Column } from "#webx/rows";
import { Choice } from "#webx/choice";
import { PurposeForm } from "#webx/purpose";

interface Sought {
  readonly idKind: (typeof idKinds)[number];
  readonly idNumber: string;
  readonly reason: string;
}

const numberCharsMin = 3;

/** Finds one person by the identity number, for a purpose; the number travels in the body and stands in no address. */
export function PersonSearch(): ReactNode {
  const { t } = useTranslation();
  const id = useId();
  const [sought, setSought] = useState<Omit<Sought, "reason">>({ idKind: "residentId", idNumber: "" });
  const [short, setShort] = useState(false);
  const finding = useMutation({
    mutationFn: ({ reason, ...body }: Sought) =>
      post<{ readonly person: PersonCard | null }>("/api/v1/people/find", body, { reason }),
  });
  const find = (reason: string): void => {
    const isShort = sought.idNumber.trim().length < numberCharsMin;
    setShort(isShort);
    if (!isShort) finding.mutate({ ...sought, idNumber: sought.idNumber.trim(), reason });
  };
  return (
    <div className="page">
      <h1>{t("registers.tabs.find")}</h1>
      <p className="page-intro">{t("registers.intro.find")}</p>
      <div className="plain-form purpose">
        <label>
          <span>{t("registers.find.kind")}</span>
          <Choice
            label={t("registers.find.kind")}
            value={sought.idKind}
            options={idKinds.map((value) => ({ value, label: wordFor(t, "registers.values.idKind", value) }))}
            onChange={(idKind) => (idKind ? setSought({ ...sought, idKind }) : undefined)}
          />
        </label>
        <label>
          <span>{t("registers.find.number")}</span>
          <input
            className="plain-input"
            maxLength={40}
            autoComplete="off"
            aria-invalid={short}
            aria-describedby={id}
            value={sought.idNumber}
            onChange={({ target }) => setSought({ ...sought, idNumber: target.value })}
          />
        </label>
        <p id={id} className="due-late" role="alert">
          {short ? t("registers.find.needed") : ""}
        </p>
      </div>
      <PurposeForm busy={finding.isPending} error={finding.error} label={t("registers.find.find")} onAsk={find} />
      {finding.data?.person === null ? <Nothing text={t("registers.find.none")} /> : null}
      {finding.data?.person ? (
        <Found key={finding.data.person.id} person={finding.data.person} reason={finding.variables?.reason ?? ""} />
      ) : null}
    </div>
  );
}

const lookBackDays = 14;
const dayMs = 86_400_000;

/** The last two weeks, which is as far back as visits are kept and asked for. */
function span(nowMs: number): { readonly from: string; readonly to: string } {
  return { from: new Date(nowMs - lookBackDays * dayMs).toISOString(), to: new Date(nowMs).toISOString() };
}

/** Who was where the person was, by number only: whoever needs the name asks for it with a purpose of its own. */
function Together({ rows }: { readonly rows: readonly CoPresence[] }): ReactNode {
  const { t } = useTranslation();
  const columns: Column<CoPresence>[] = [
    { title: t("registers.find.other"), key: "other", render: (_, row) => row.otherPersonId },
    { title: t("registers.find.venue"), key: "venue", render: (_, row) => row.venueName },
    { title: t("registers.find.from"), key: "from", render: (_, row) => <Moment at={row.fromAt} /> },
    {
      title: t("registers.find.overlap"),
      key: "overlap",
      align: "right",
      render: (_, row) => Math.round(row.overlapMinutes),
    },
    { title: t("registers.find.gap"), key: "gap", align: "right", render: (_, row) => Math.round(row.gapMinutes) },
  ];
  return (
    <HeldList<CoPresence>
      name="together"
      title={t("registers.find.together")}
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.otherPersonId} ${row.venueId} ${row.fromAt}`}
      empty={t("registers.find.alone")}
      bare
    />
  );
}

/** The card of a person, and where he was, on the same purpose. */
function Found(props: { readonly person: PersonCard; readonly reason: string }): ReactNode {
  const { t } = useTranslation();
  const nowMs = useNowMs();
  const { person } = props;
  const visits = useMutation({
    mutationFn: () =>
      getFor<{ readonly items: readonly VisitRow[] }>(
        withQuery(`/api/v1/people/${person.id}/visits`, span(nowMs)),
        props.reason,
      ),
  });
  const together = useMutation({
    mutationFn: () =>
      getFor<{ readonly items: readonly CoPresence[] }>(
        withQuery(`/api/v1/people/${person.id}/co-presence`, span(nowMs)),
        props.reason,
      ),
  });
  const columns: Column<VisitRow>[] = [
    { title: t("registers.find.from"), key: "at", render: (_, row) => <Moment at={row.at} /> },
    { title: t("registers.find.until"), key: "until", render: (_, row) => <Moment at={row.until} /> },
    {
      title: t("registers.find.venue"),
      key: "venue",
      render: (_, row) => (currentLanguage() === "en" ? row.venueNameEn : row.venueName),
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
  ];
  return (
    <Panel
      title={person.name}
      side={
        <>
          <Button size="small" loading={visits.isPending} onClick={() => visits.mutate()}>
            {t("registers.find.visits")}
          </Button>
          <Button size="small" loading={together.isPending} onClick={() => together.mutate()}>
            {t("registers.find.together")}
          </Button>
        </>
      }
    >
      <Facts
        rows={[
          [t("registers.find.person"), String(person.id)],
          [t("registers.birth"), person.birthDate ?? "–"],
          [t("registers.find.sex"), wordFor(t, "enums.sex", person.sex)],
          [t("registers.find.last4"), person.idLast4 ?? "–"],
          [t("registers.find.occupation"), person.occupation ?? "–"],
          [t("registers.find.register"), person.register],
          [t("common.area"), <AreaPath key="a" code={person.areaCode} />],
        ]}
      />
      {visits.error ? <ProblemNotice error={visits.error} /> : null}
      {together.error ? <ProblemNotice error={together.error} /> : null}
      {together.data ? <Together rows={together.data.items} /> : null}
      {visits.data ? (
        <HeldList<VisitRow>
          name="visits"
          title={t("registers.find.visits")}
          columns={columns}
          rows={visits.data.items}
          rowKey={(row) => `${row.venueId} ${row.at}`}
          empty={t("registers.find.noVisits")}
          bare
        />
      ) : null}
    </Panel>
  );
}
