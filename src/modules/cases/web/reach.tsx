import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { getFor, withQuery } from "#web/api";
import { numberText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { Moment, ProblemNotice, Waiting } from "#webx/parts";
import { PurposeForm } from "#webx/purpose";
import { Segments } from "#webx/segments";
import { HeldList } from "#webx/held-list";
import type { Column } from "#webx/rows";

/** A person reached, as the tracing module answers. */
interface Reached {
  readonly personId: number;
  readonly name: string;
  readonly areaCode: string;
  readonly meetings: number;
  readonly visits: readonly { readonly venueName: string; readonly fromAt: string; readonly overlapMinutes: number }[];
}

interface ReachPage {
  readonly met: number;
  readonly further: number;
  readonly items: readonly Reached[];
  readonly next: string | null;
}

type Degree = "1" | "2";
const pageSize = 50;

/** How far the case reached through venue visits: two counts and the people of one of them, asked for with a purpose. */
export function Reach(props: { readonly caseId: string }): ReactNode {
  const { t } = useTranslation();
  const [reason, setReason] = useState<string | null>(null);
  const [degree, setDegree] = useState<Degree>("1");
  const path = `/api/v1/cases/${encodeURIComponent(props.caseId)}/reach`;
  const list = useInfiniteQuery({
    queryKey: ["personal", path, degree, reason],
    queryFn: ({ pageParam }) =>
      getFor<ReachPage>(withQuery(path, { degree, limit: pageSize, cursor: pageParam }), reason ?? ""),
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
    enabled: reason !== null,
    // Names are not kept once nobody looks at them.
    gcTime: 0,
  });
  const [first] = list.data?.pages ?? [];
  if (reason === null)
    return (
      <>
        <p className="muted">{t("cases.reach.intro")}</p>
        <PurposeForm busy={false} error={null} onAsk={setReason} />
      </>
    );
  if (list.error) return <ProblemNotice error={list.error} retry={() => void list.refetch()} />;
  if (!first) return <Waiting rows={6} />;
  return (
    <>
      <Segments<Degree>
        label={t("cases.reach.degree")}
        value={degree}
        onChange={setDegree}
        options={[
          { value: "1", label: `${t("cases.reach.met")} ${numberText(first.met)}` },
          { value: "2", label: `${t("cases.reach.further")} ${numberText(first.further)}` },
        ]}
      />
      <ReachTable items={list.data?.pages.flatMap((page) => page.items) ?? []} />
      {list.hasNextPage ? (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("cases.reach.more")}
        </Button>
      ) : null}
    </>
  );
}

function ReachTable(props: { readonly items: readonly Reached[] }): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Reached>[] = [
    { title: t("cases.reach.person"), key: "person", render: (_, row) => row.name },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("cases.reach.meetings"), key: "meetings", align: "right", render: (_, row) => numberText(row.meetings) },
    {
      title: t("cases.reach.visits"),
      key: "visits",
      render: (_, row) =>
        row.visits.slice(0, 2).map((visit) => (
          <div key={visit.fromAt + visit.venueName}>
            <Moment at={visit.fromAt} />{" "}
            {t("cases.reach.minutes", { name: visit.venueName, minutes: Math.round(visit.overlapMinutes) })}
          </div>
        )),
    },
  ];
  return (
    <HeldList<Reached>
      name="reach"
      title={t("cases.reach.title")}
      columns={columns}
      rows={props.items}
      rowKey="personId"
      empty={t("cases.reach.empty")}
    />
  );
}
