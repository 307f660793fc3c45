import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BoardPhase, ChronicleLine } from "#domain/command";
import { get, withQuery } from "#web/api";
import { useOutbreak } from "#web/board";
import { currentLanguage, wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { Criteria } from "#webx/criteria";
import { OperationButton } from "#webx/operation";
import { Moment, Nothing, Panel, ProblemNotice, Waiting } from "#webx/parts";

/** What happened, line by line, as events told it. */
export function ChronicleTab(): ReactNode {
  const { t, i18n } = useTranslation();
  const found = useQuery({
    queryKey: ["chronicle"],
    queryFn: () => get<{ readonly items: readonly ChronicleLine[] }>("/api/v1/chronicle"),
    meta: { topics: ["command", "cases", "zones"] },
  });
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t("briefings.chronicle.title")}</h1>
          <p className="page-intro">{t("briefings.chronicle.intro")}</p>
        </div>
        <Button size="small" href={withQuery("/api/v1/chronicle/document", { lang: i18n.language })} target="_blank">
          {t("briefings.chronicle.open")}
        </Button>
      </header>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={8} /> : null}
      {found.data?.items.length === 0 ? <Nothing text={t("briefings.chronicle.empty")} /> : null}
      <ol className="steps">
        {(found.data?.items ?? []).map((line) => (
          <li key={`${line.at} ${line.kind} ${line.areaCode} ${line.text.en}`}>
            <Moment at={line.at} long /> {line.text[currentLanguage()]}{" "}
            <span className="muted">
              <AreaPath code={line.areaCode} />
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** The response level, the conditions of each phase, and opening and closing. */
export function ResponseTab(): ReactNode {
  const { t } = useTranslation();
  const outbreak = useOutbreak();
  const found = useQuery({
    queryKey: ["phases"],
    queryFn: () => get<{ readonly items: readonly BoardPhase[] }>("/api/v1/phases"),
    meta: { topics: ["command", "cases", "zones"] },
  });
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t("briefings.tabs.phases")}</h1>
          <p className="page-intro">{t("briefings.phases.intro")}</p>
        </div>
        <div className="page-actions">
          <OperationButton operation="setResponseLevel" values={{ level: outbreak?.responseLevel }} />
          <OperationButton operation="checkPhase" confirm={t("briefings.confirmPhase")} />
          <OperationButton operation="openResponse" />
          <OperationButton operation="closeResponse" confirm={t("briefings.confirmClose")} danger />
        </div>
      </header>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={6} /> : null}
      <div className="columns">
        {(found.data?.items ?? []).map((phase) => (
          <Panel key={phase.phase} title={wordFor(t, "enums.phase", phase.phase)}>
            <p>
              {t("briefings.phases.reachedAt")} <Moment at={phase.enteredAt} long />
            </p>
            <Criteria group="phase.criterion" items={phase.criteria} />
          </Panel>
        ))}
      </div>
    </div>
  );
}
