import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CaseDetail } from "#domain/cases";
import type { Protocol } from "#domain/outbreaks";
import { get } from "#web/api";
import { useOutbreak } from "#web/board";
import { currentLanguage } from "#web/i18n";
import { OperationButton } from "#webx/operation";

/** The facts and the grades of illness that the protocol's case definitions know, as choices. */
function useDiagnosis() {
  const outbreak = useOutbreak();
  const id = outbreak?.protocolId ?? "";
  const found = useQuery({
    queryKey: ["protocol", id],
    queryFn: () => get<Protocol>(`/api/v1/protocols/${encodeURIComponent(id)}`),
    enabled: id !== "",
    staleTime: Infinity,
  });
  const language = currentLanguage();
  const choices = (rows: readonly { readonly id: string; readonly name: { "zh-CN": string; en: string } }[] = []) =>
    rows.map((row) => ({ value: row.id, label: row.name[language] }));
  return { facts: choices(found.data?.cases.facts), severity: choices(found.data?.cases.severities) };
}

/** What may be done with a case in its state; the server refuses whoever may not. */
export function CaseActions({ record }: { readonly record: CaseDetail }): ReactNode {
  const { t } = useTranslation();
  const choices = useDiagnosis();
  const params = { id: record.id };
  if (record.state === "excluded") return null;
  const preliminary = record.state === "preliminary";
  const facts = { facts: record.facts };
  return (
    <>
      {preliminary ? (
        <OperationButton operation="diagnoseCase" params={params} choices={choices} values={facts} primary />
      ) : (
        <OperationButton operation="reclassifyCase" params={params} choices={choices} values={facts} />
      )}
      {preliminary ? (
        <OperationButton operation="reportPreliminary" params={params} confirm={t("cases.confirm.report")} />
      ) : null}
      {!preliminary && record.reportedAt === null ? (
        <OperationButton operation="reportStatutory" params={params} confirm={t("cases.confirm.report")} primary />
      ) : null}
      <OperationButton operation="addTracks" params={params} values={{ tracks: [{}] }} />
      <OperationButton operation="completeCore" params={params} confirm={t("cases.confirm.core")} />
      <OperationButton operation="identifyContacts" params={params} />
      <OperationButton operation="completeReport" params={params} confirm={t("cases.confirm.epiReport")} />
      <OperationButton operation="linkInfector" params={params} values={{ infectorCaseId: record.infectorCaseId }} />
      {preliminary ? null : <OperationButton operation="recordOutcome" params={params} />}
      <OperationButton operation="excludeCase" params={params} confirm={t("cases.confirm.exclude")} danger />
    </>
  );
}
