import { Button } from "antd";
import { useId, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "./parts.tsx";

const reasonCharsMin = 4;
const reasonCharsMax = 200;

/** Asks what personal data are wanted for, before they are fetched; the server keeps the answer in its audit. */
export function PurposeForm(props: {
  readonly busy: boolean;
  readonly error: Error | null;
  /** What the button says instead of "show". */
  readonly label?: string;
  readonly onAsk: (reason: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  // Two of these may stand on one page; each label is its own field's.
  const id = useId();
  const [reason, setReason] = useState("");
  const [short, setShort] = useState(false);
  const ask = (): void => {
    const isShort = reason.trim().length < reasonCharsMin;
    setShort(isShort);
    if (!isShort) props.onAsk(reason.trim());
  };
  return (
    <form
      className="purpose"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <p className="muted">{t("common.purpose.why")}</p>
      <label htmlFor={id}>{t("common.purpose.label")}</label>
      <input
        id={id}
        className="plain-input"
        maxLength={reasonCharsMax}
        value={reason}
        aria-invalid={short}
        aria-describedby={`${id}-fault`}
        onChange={({ target }) => setReason(target.value)}
      />
      <p id={`${id}-fault`} className="due-late" role="alert">
        {short ? t("common.purpose.needed") : ""}
      </p>
      {props.error ? <ProblemNotice error={props.error} /> : null}
      <Button htmlType="submit" loading={props.busy}>
        {props.label ?? t("common.purpose.ask")}
      </Button>
    </form>
  );
}
