import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ReleasePaper } from "#domain/isolation";
import { post } from "#web/api";
import { useOutbreak, useTimeZone } from "#web/board";
import { wordFor } from "#web/i18n";
import { wallTime } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { PurposeForm } from "#webx/purpose";

/** The papers that released people take home, one a page; names need a purpose. */
export function Papers(props: { readonly orderIds: readonly string[]; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const asking = useMutation({
    mutationFn: (reason: string) =>
      post<{ readonly items: readonly ReleasePaper[] }>(
        "/api/v1/releases/papers",
        { orderIds: props.orderIds },
        { reason },
      ),
  });
  return (
    <div className="page">
      <header className="page-head no-print">
        <h1>{t("releases.papers")}</h1>
        <div className="page-tools">
          {asking.data ? (
            <Button size="small" type="primary" onClick={() => globalThis.print()}>
              {t("releases.print")}
            </Button>
          ) : null}
          <Button size="small" onClick={props.onClose}>
            {t("releases.back")}
          </Button>
        </div>
      </header>
      {asking.data ? (
        asking.data.items.map((paper) => <Paper key={paper.orderId} paper={paper} />)
      ) : (
        <PurposeForm busy={asking.isPending} error={asking.error} onAsk={(reason) => asking.mutate(reason)} />
      )}
    </div>
  );
}

function Paper({ paper }: { readonly paper: ReleasePaper }): ReactNode {
  const { t } = useTranslation();
  const zone = useTimeZone();
  const outbreak = useOutbreak();
  const day = (at: string | null): string => (at === null ? "–" : wallTime(at, zone).day);
  return (
    <article className="paper">
      {outbreak?.drill ? <strong>{t("releases.paper.drill")}</strong> : null}
      <h2>{t("releases.paper.title")}</h2>
      <p>
        {t("releases.paper.who", { name: paper.name, last4: paper.idLast4 ?? "–" })} <AreaPath code={paper.areaCode} />
      </p>
      <p>
        {t("releases.paper.text", {
          plan: wordFor(t, "rooms.values.plan", paper.planClass),
          from: day(paper.startAt),
          to: day(paper.endedAt),
          negatives: paper.negatives,
        })}
      </p>
      <p>{t("releases.paper.after")}</p>
      <p className="paper-foot">
        {t("releases.paper.stamp")}
        <br />
        {day(paper.endedAt)}
      </p>
    </article>
  );
}
