import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { TubeContact, TubeContacts } from "#domain/tracing";
import { getFor, withQuery } from "#web/api";
import { wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { Moment, Nothing, ProblemNotice, Waiting } from "#webx/parts";
import { PurposeForm } from "#webx/purpose";
import { type Column, Rows } from "#webx/rows";
import { Segments } from "#webx/segments";

type Class = "close" | "general";
const pageSize = 50;

/** Whom the members of a positive tube met, in the protocol's order, asked for with a purpose. */
export function TubeContactsPanel(props: { readonly tubeId: string }): ReactNode {
  const { t } = useTranslation();
  const [reason, setReason] = useState<string | null>(null);
  const [kind, setKind] = useState<Class>("close");
  const path = `/api/v1/tubes/${encodeURIComponent(props.tubeId)}/contacts`;
  const list = useInfiniteQuery({
    queryKey: ["personal", path, kind, reason],
    queryFn: ({ pageParam }) =>
      getFor<TubeContacts>(withQuery(path, { class: kind, limit: pageSize, cursor: pageParam }), reason ?? ""),
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
    enabled: reason !== null,
    // Names are not kept once nobody looks at them.
    gcTime: 0,
    meta: { topics: ["screening", "cases"] },
  });
  const [first] = list.data?.pages ?? [];
  if (reason === null)
    return (
      <>
        <p className="muted">{t("tubes.contacts.intro")}</p>
        <PurposeForm busy={false} error={null} onAsk={setReason} />
      </>
    );
  if (list.error) return <ProblemNotice error={list.error} retry={() => void list.refetch()} />;
  if (!first) return <Waiting rows={6} />;
  if (first.suspects === 0) return <Nothing text={t("tubes.contacts.cleared")} />;
  return (
    <>
      <Segments<Class>
        label={t("tubes.contacts.class")}
        value={kind}
        onChange={setKind}
        options={[
          { value: "close", label: `${t("tubes.contacts.close")} ${numberText(first.close)}` },
          { value: "general", label: `${t("tubes.contacts.general")} ${numberText(first.general)}` },
        ]}
      />
      <ContactsTable items={list.data?.pages.flatMap((page) => page.items) ?? []} />
      {list.hasNextPage ? (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("tubes.contacts.more")}
        </Button>
      ) : null}
    </>
  );
}

function ContactsTable(props: { readonly items: readonly TubeContact[] }): ReactNode {
  const { t } = useTranslation();
  const columns: readonly Column<TubeContact>[] = [
    { title: t("tubes.contacts.person"), key: "person", render: (_, row) => row.name },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("tubes.contacts.place"),
      key: "place",
      render: (_, row) => (
        <>
          {wordFor(t, "enums.setting", row.setting)}
          {row.place === null ? null : ` · ${row.place}`}
          {row.overlapMinutes > 0 ? (
            <div className="muted">{t("tubes.contacts.minutes", { minutes: numberText(row.overlapMinutes) })}</div>
          ) : row.gapMinutes > 0 ? (
            <div className="muted">{t("tubes.contacts.gap", { minutes: numberText(row.gapMinutes) })}</div>
          ) : null}
        </>
      ),
    },
    {
      title: t("tubes.contacts.members"),
      key: "members",
      align: "right",
      render: (_, row) => numberText(row.members),
    },
    { title: t("tubes.contacts.last"), key: "last", render: (_, row) => <Moment at={row.lastAt} /> },
  ];
  return (
    <Rows
      label={t("tubes.contacts.title")}
      columns={columns}
      rows={props.items}
      rowKey={(row) => String(row.personId)}
      empty={t("tubes.contacts.empty")}
    />
  );
}
