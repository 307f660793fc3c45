import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CasePerson } from "#domain/cases";
import { getFor } from "#web/api";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { PurposeForm } from "#webx/purpose";

/** Shows who a case is, once a purpose has been given; the answer stays on this page only. */
export function PersonLookup(props: { readonly caseId: string }): ReactNode {
  const { t } = useTranslation();
  const asked = useMutation({
    mutationFn: (reason: string) =>
      getFor<CasePerson>(`/api/v1/cases/${encodeURIComponent(props.caseId)}/person`, reason),
  });
  if (!asked.data) return <PurposeForm busy={asked.isPending} error={asked.error} onAsk={(r) => asked.mutate(r)} />;
  const person = asked.data;
  return (
    <Facts
      rows={[
        [t("cases.name"), person.name],
        [t("cases.sex"), wordFor(t, "enums.sex", person.sex)],
        [t("cases.birthDate"), person.birthDate ?? "–"],
        [t("common.area"), <AreaPath key="a" code={person.areaCode} />],
      ]}
    />
  );
}
