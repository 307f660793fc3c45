import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { getFor } from "#web/api";
import { wordFor } from "#web/i18n";
import { Moment } from "#webx/parts";
import { PurposeForm } from "#webx/purpose";
import { type Column, Rows } from "#webx/rows";

/** A stay of a case, as the tracing module answers it. */
interface Stay {
  readonly venueId: string | null;
  readonly place: string | null;
  readonly setting: string;
  readonly fromAt: string;
  readonly toAt: string;
}

/** Where the case was while infectious; asked for with a purpose. */
export function Tracks(props: { readonly caseId: string }): ReactNode {
  const { t } = useTranslation();
  const path = `/api/v1/cases/${encodeURIComponent(props.caseId)}/tracks`;
  const asked = useMutation({
    mutationFn: (reason: string) => getFor<{ readonly items: readonly Stay[] }>(path, reason),
  });
  if (!asked.data)
    return (
      <>
        <p className="muted">{t("cases.tracks.intro")}</p>
        <PurposeForm busy={asked.isPending} error={asked.error} onAsk={(reason) => asked.mutate(reason)} />
      </>
    );
  const columns: Column<Stay>[] = [
    { title: t("cases.tracks.place"), key: "place", render: (_, row) => row.place ?? row.venueId ?? "–" },
    { title: t("cases.tracks.setting"), key: "setting", render: (_, row) => wordFor(t, "enums.setting", row.setting) },
    { title: t("cases.tracks.from"), key: "from", render: (_, row) => <Moment at={row.fromAt} /> },
    { title: t("cases.tracks.to"), key: "to", render: (_, row) => <Moment at={row.toAt} /> },
  ];
  return (
    <Rows<Stay>
      columns={columns}
      rows={asked.data.items}
      rowKey={(row) => `${row.fromAt} ${row.place ?? row.venueId ?? ""}`}
      empty={t("cases.tracks.empty")}
    />
  );
}
