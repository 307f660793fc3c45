import { Button, Form, Input } from "antd";
import { useId, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "./parts.tsx";

const reasonCharsMin = 4;
const reasonCharsMax = 200;

/** Asks what personal data are wanted for, before they are fetched; the server keeps the answer in its audit. */
export function PurposeForm(props: {
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onAsk: (reason: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Form<{ readonly reason: string }>
      // Two of these may stand on one page; each label is its own field's.
      name={useId()}
      className="purpose"
      layout="vertical"
      requiredMark={false}
      onFinish={({ reason }) => props.onAsk(reason.trim())}
    >
      <p className="muted">{t("common.purpose.why")}</p>
      <Form.Item
        name="reason"
        label={t("common.purpose.label")}
        rules={[{ required: true, whitespace: true, min: reasonCharsMin, message: t("common.purpose.needed") }]}
      >
        <Input maxLength={reasonCharsMax} />
      </Form.Item>
      {props.error ? <ProblemNotice error={props.error} /> : null}
      <Button htmlType="submit" loading={props.busy}>
        {t("common.purpose.ask")}
      </Button>
    </Form>
  );
}
