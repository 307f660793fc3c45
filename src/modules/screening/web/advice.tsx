import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RoundAdvice, ScreeningNeeds } from "#domain/screening";
import { get, withQuery } from "#web/api";
import { useOutbreak } from "#web/board";
import { wordFor } from "#web/i18n";
import { useSession } from "#web/session";
import { numberText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import type { ListSearch } from "#webx/list";
import { ProblemNotice, Waiting } from "#webx/parts";
import { Popup } from "#webx/popup";

/** What the stop rule says for the chosen area, and what another round there would take. */
export function AdviceButton(): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {t("rounds.advice.open")}
      </Button>
      {open ? (
        <Popup title={t("rounds.advice.title")} onClose={() => setOpen(false)}>
          <Advice />
        </Popup>
      ) : null}
    </>
  );
}

function Advice(): ReactNode {
  const { t } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const session = useSession();
  const outbreak = useOutbreak();
  const areaCode = search.areaCode ?? (session?.areaCode === "" ? outbreak?.areaCode : session?.areaCode) ?? "";
  const advice = useQuery({
    queryKey: ["roundAdvice", areaCode],
    queryFn: () => get<RoundAdvice>(withQuery("/api/v1/round-advice", { areaCode })),
    enabled: areaCode !== "",
  });
  const needs = useQuery({
    queryKey: ["roundNeeds", areaCode],
    queryFn: () => get<ScreeningNeeds>(withQuery("/api/v1/round-needs", { areaCode })),
    enabled: areaCode !== "",
  });
  const error = advice.error ?? needs.error;
  return (
    <>
      <p className="muted">
        <AreaPath code={areaCode} />
      </p>
      {error ? (
        <ProblemNotice error={error} retry={() => void Promise.all([advice.refetch(), needs.refetch()])} />
      ) : null}
      {advice.isPending || needs.isPending ? <Waiting rows={5} /> : null}
      {advice.data ? (
        <>
          <p>
            <strong>{wordFor(t, "rounds.advice.action", advice.data.action)}</strong>
          </p>
          <ul>
            {advice.data.reasons.map((reason) => (
              <li key={`${reason.rule} ${reason.key}`}>
                {t(`rounds.advice.reason.${reason.key.replace("screening.stop.", "")}`, { ...reason.params })}{" "}
                <code>{reason.rule}</code>
              </li>
            ))}
          </ul>
          <Facts
            rows={[
              [t("rounds.advice.nextDay"), advice.data.nextDay ?? "–"],
              [t("rounds.advice.clean"), numberText(advice.data.cleanRounds)],
            ]}
          />
        </>
      ) : null}
      {needs.data ? (
        <>
          <h3>{t("rounds.advice.needs")}</h3>
          <Facts
            rows={[
              [t("rounds.advice.people"), numberText(needs.data.people)],
              [t("rounds.advice.samplers"), numberText(needs.data.samplers)],
              [t("rounds.advice.tables"), numberText(needs.data.tables)],
              [t("rounds.advice.sites"), numberText(needs.data.sites)],
              [t("rounds.advice.tubes"), numberText(needs.data.tubes)],
              [t("rounds.advice.swabs"), numberText(needs.data.swabs)],
            ]}
          />
        </>
      ) : null}
    </>
  );
}
