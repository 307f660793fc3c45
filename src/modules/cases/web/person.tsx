import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CasePerson } from "#domain/cases";
import { getFor } from "#web/api";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { ProblemNotice } from "#webx/parts";

const reasonCharsMin = 4;
const reasonCharsMax = 200;

/** Shows who a case is, once a purpose has been given; the answer stays on this page only. */
export function PersonLookup(props: { readonly caseId: string }): ReactNode {
  const { t } = useTranslation();
  const asked = useMutation({
    mutationFn: (reason: string) =>
      getFor<CasePerson>(`/api/v1/cases/${encodeURIComponent(props.caseId)}/person`, reason),
  });
  if (asked.data) {
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
  return (
    <Form<{ readonly reason: string }> layout="vertical" onFinish={({ reason }) => asked.mutate(reason.trim())}>
      <p className="muted">{t("cases.personHidden")}</p>
      <Form.Item
        name="reason"
        label={t("cases.reason")}
        rules={[{ required: true, whitespace: true, min: reasonCharsMin, message: t("cases.needReason") }]}
      >
        <Input maxLength={reasonCharsMax} />
      </Form.Item>
      {asked.error ? <ProblemNotice error={asked.error} /> : null}
      <Button htmlType="submit" loading={asked.isPending}>
        {t("cases.showPerson")}
      </Button>
    </Form>
  );
}
