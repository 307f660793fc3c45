import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input, Select, Table, type TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { idKinds, type PersonCard } from "#domain/people";
import type { CoPresence, VisitRow } from "#domain/venues";
import { getFor, withQuery, post } from "#web/api";
import { currentLanguage, wordFor } from "#web/i18n";
import { useNowMs } from "#web/live";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { Moment, Nothing, Panel, ProblemNotice } from "#webx/parts";
import { scrollable } from "#web/scrollable";

interface Sought {
  readonly idKind: string;
  readonly idNumber: string;
  readonly reason: string;
}

const reasonCharsMin = 4;

/** Finds one person by the identity number, for a purpose; the number travels in the body and stands in no address. */
export function PersonSearch(): ReactNode {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const finding = useMutation({
    mutationFn: ({ reason: purpose, ...body }: Sought) => {
      setReason(purpose.trim());
      return post<{ readonly person: PersonCard | null }>("/api/v1/people/find", body, { reason: purpose.trim() });
    },
  });
  const needed = [{ required: true, whitespace: true, min: 3, message: t("registers.find.needed") }];
  return (
    <div className="page">
      <h1>{t("registers.tabs.find")}</h1>
      <p className="page-intro">{t("registers.intro.find")}</p>
      <Form<Sought>
        className="purpose"
        layout="vertical"
        requiredMark={false}
        initialValues={{ idKind: "residentId" }}
        onFinish={(values) => finding.mutate(values)}
      >
        <Form.Item name="idKind" label={t("registers.find.kind")}>
          <Select options={idKinds.map((value) => ({ value, label: wordFor(t, "registers.values.idKind", value) }))} />
        </Form.Item>
        <Form.Item name="idNumber" label={t("registers.find.number")} rules={needed}>
          <Input maxLength={40} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="reason"
          label={t("common.purpose.label")}
          extra={t("common.purpose.why")}
          rules={[{ required: true, whitespace: true, min: reasonCharsMin, message: t("common.purpose.needed") }]}
        >
          <Input maxLength={200} />
        </Form.Item>
        <Button htmlType="submit" type="primary" loading={finding.isPending}>
          {t("registers.find.find")}
        </Button>
      </Form>
      {finding.error ? <ProblemNotice error={finding.error} /> : null}
      {finding.data?.person === null ? <Nothing text={t("registers.find.none")} /> : null}
      {finding.data?.person ? (
        <Found key={finding.data.person.id} person={finding.data.person} reason={reason} />
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
  const columns: TableColumnsType<CoPresence> = [
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
    <Table<CoPresence>
      ref={scrollable}
      size="small"
      className="rows"
      columns={columns}
      dataSource={[...rows]}
      rowKey={(row) => `${row.otherPersonId} ${row.venueId} ${row.fromAt}`}
      pagination={{ pageSize: 20, showSizeChanger: false }}
      scroll={{ x: "max-content" }}
      locale={{ emptyText: <Nothing text={t("registers.find.alone")} /> }}
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
  const columns: TableColumnsType<VisitRow> = [
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
        <Table<VisitRow>
          ref={scrollable}
          size="small"
          className="rows"
          columns={columns}
          dataSource={[...visits.data.items]}
          rowKey={(row) => `${row.venueId} ${row.at}`}
          pagination={false}
          scroll={{ x: "max-content" }}
          locale={{ emptyText: <Nothing text={t("registers.find.noVisits")} /> }}
        />
      ) : null}
    </Panel>
  );
}
