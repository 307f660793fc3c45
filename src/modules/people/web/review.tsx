import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Review } from "#domain/people";
import { getFor, withQuery, type Page } from "#web/api";
import { wordFor } from "#web/i18n";
import { ActionButton } from "#webx/action";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import type { ListSearch } from "#webx/list";
import { Nothing, Panel, ProblemNotice, Waiting } from "#webx/parts";
import { PurposeForm } from "#webx/purpose";
import { Segments } from "#webx/segments";

const pageSize = 20;
const orders = ["area", "received", "-received"] as const;
type Order = (typeof orders)[number];

/** Entries beside the people they may be; names are shown only once the reader has said what for. */
export function ReviewQueue(): ReactNode {
  const { t } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const [reason, setReason] = useState<string | null>(null);
  const [sort, setSort] = useState<Order>("area");
  const found = useInfiniteQuery({
    queryKey: ["list", "register-review", search.areaCode, sort, reason],
    queryFn: ({ pageParam }) =>
      getFor<Page<Review>>(
        withQuery("/api/v1/register-review", { areaCode: search.areaCode, sort, limit: pageSize, cursor: pageParam }),
        reason ?? "",
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
    enabled: reason !== null,
    // Names are not kept once nobody looks at them.
    gcTime: 0,
    meta: { topics: ["people"] },
  });
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t("registers.tabs.review")}</h1>
          <p className="page-intro">{t("registers.intro.review")}</p>
        </div>
        {reason === null ? null : (
          <Segments<Order>
            label={t("registers.order.label")}
            value={sort}
            onChange={setSort}
            options={orders.map((value) => ({ value, label: t(`registers.order.${value}`) }))}
          />
        )}
      </header>
      {reason === null ? <PurposeForm busy={false} error={null} onAsk={setReason} /> : null}
      {reason !== null && found.isPending ? <Waiting rows={8} /> : null}
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.data && rows.length === 0 ? <Nothing text={t("registers.empty.review")} /> : null}
      {rows.map((row) => (
        <Compared key={row.id} row={row} />
      ))}
      {found.hasNextPage ? (
        <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("common.page.more")}
        </Button>
      ) : null}
    </div>
  );
}

interface Shown {
  readonly name: string;
  readonly birthDate: string | null;
  readonly sex: string;
  readonly address: string | null;
  readonly areaCode: string;
}

function Person(props: { readonly of: Shown; readonly parts?: Readonly<Record<string, string>> }): ReactNode {
  const { t } = useTranslation();
  const { of, parts } = props;
  const agreed = (part: string): string =>
    parts?.[part] === undefined ? "" : ` (${wordFor(t, "registers.values.agreement", parts[part])})`;
  return (
    <Facts
      rows={[
        [t("registers.name"), `${of.name}${agreed("name")}`],
        [t("registers.birth"), `${of.birthDate ?? "–"}${agreed("birth")}`],
        [t("registers.address"), `${of.address ?? "–"}${agreed("address")}`],
        [t("common.area"), <AreaPath key="a" code={of.areaCode} />],
      ]}
    />
  );
}

function Compared(props: { readonly row: Review }): ReactNode {
  const { t } = useTranslation();
  const { row } = props;
  const url = `/api/v1/register-entries/${row.id}/answer`;
  return (
    <Panel
      title={`${row.register} · ${row.ref}`}
      side={
        <>
          <ActionButton
            label={t("registers.values.answer.other")}
            title={t("registers.values.answer.other")}
            url={url}
            fixed={{ answer: "other" }}
            confirm={t("registers.otherConfirm")}
          />
          <ActionButton
            label={t("registers.values.answer.newPerson")}
            title={t("registers.values.answer.newPerson")}
            url={url}
            fixed={{ answer: "newPerson" }}
            confirm={t("registers.newConfirm")}
          />
        </>
      }
    >
      <div className="columns">
        <Person of={row} />
        {row.candidates.map((candidate) => (
          <div key={candidate.personId}>
            <p>
              {candidate.likely
                ? t("registers.likely", { score: candidate.score })
                : t("registers.possible", { score: candidate.score })}{" "}
              <ActionButton
                label={t("registers.values.answer.same")}
                title={t("registers.values.answer.same")}
                url={url}
                fixed={{ answer: "same", personId: candidate.personId }}
                confirm={t("registers.sameConfirm")}
              />
            </p>
            <Person of={candidate} parts={candidate.parts} />
          </div>
        ))}
      </div>
    </Panel>
  );
}
