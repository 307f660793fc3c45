import { Alert, Button, Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "./api.ts";
import { useTimeZone } from "./board.ts";
import { wordFor } from "./i18n.ts";
import { useNowMinuteMs } from "./live.ts";
import { durationText, wallTime } from "./time.ts";
import type { RiskLevel } from "./theme.ts";

/** A titled part of a page; `side` stands at the right end of its heading. */
export function Panel(props: {
  readonly title: string;
  readonly side?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className={`panel ${props.className ?? ""}`} aria-label={props.title}>
      <header className="panel-head">
        <h2>{props.title}</h2>
        {props.side === undefined ? null : <div className="panel-side">{props.side}</div>}
      </header>
      <div className="panel-body">{props.children}</div>
    </section>
  );
}

/** A time on the outbreak's wall clock, with the offset and the instant in its tooltip. */
export function Moment(props: { readonly at: string | null | undefined; readonly long?: boolean }): ReactNode {
  const zone = useTimeZone();
  if (!props.at) return <span className="muted">–</span>;
  const wall = wallTime(props.at, zone);
  return (
    <time className="moment" dateTime={props.at} title={`${wall.day} ${wall.time} ${wall.offset} (${zone})`}>
      {props.long ? wall.day : wall.shortDay} {wall.time}
      {props.long ? <span className="offset"> {wall.offset}</span> : null}
    </time>
  );
}

/** A deadline: how long is left, or how late it is, in words and not by colour alone. */
export function Due(props: { readonly at: string | null | undefined; readonly doneAt?: string | null }): ReactNode {
  const { t } = useTranslation();
  const nowMs = useNowMinuteMs();
  if (!props.at) return <span className="muted">–</span>;
  const endMs = props.doneAt ? Date.parse(props.doneAt) : nowMs;
  const left = (Date.parse(props.at) - endMs) / 60_000;
  const length = durationText(t, left);
  if (props.doneAt) {
    return left >= 0 ? (
      <span className="due-met">{t("common.due.met")}</span>
    ) : (
      <span className="due-late">{t("common.due.doneLate", { length })}</span>
    );
  }
  if (nowMs === 0) return <Moment at={props.at} />;
  return left >= 0 ? (
    <span>{t("common.due.left", { length })}</span>
  ) : (
    <strong className="due-late">{t("common.due.late", { length })}</strong>
  );
}

/** A risk level: colour, outline and word together. */
export function RiskMark(props: { readonly level: string }): ReactNode {
  const { t } = useTranslation();
  return <span className={`risk risk-${props.level as RiskLevel}`}>{wordFor(t, "enums.risk", props.level)}</span>;
}

const toneOf: Readonly<Record<string, string>> = {
  confirmed: "bad",
  asymptomatic: "warn",
  preliminary: "warn",
  positive: "bad",
  grey: "warn",
  invalid: "warn",
  rejected: "warn",
  lost: "bad",
  active: "info",
  open: "info",
  started: "info",
  submitted: "info",
  placed: "good",
  released: "good",
  closed: "good",
  resulted: "good",
  negative: "good",
  recovered: "good",
};

/** A record's state as a word with a mark whose shape differs by tone. */
export function StateWord(props: { readonly group: string; readonly value: string | null | undefined }): ReactNode {
  const { t } = useTranslation();
  if (!props.value) return <span className="muted">–</span>;
  return (
    <span className={`state state-${toneOf[props.value] ?? "plain"}`}>{wordFor(t, props.group, props.value)}</span>
  );
}

/** What went wrong in plain words, what to do, and a way to try again. */
export function ProblemNotice(props: {
  readonly error: unknown;
  readonly retry?: () => void;
  /** Where else to go when the record cannot be shown, such as its list. */
  readonly back?: ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  const problem = props.error instanceof Problem ? props.error : null;
  const title = problem?.title || t("common.problem.noAnswer");
  const next = problem?.next || t("common.problem.tryAgain");
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={title}
      description={
        <>
          {next}
          {problem?.requestId ? <code className="request-id"> {problem.requestId}</code> : null}
        </>
      }
      action={
        <span className="row-actions">
          {props.back}
          {props.retry ? (
            <Button size="small" onClick={props.retry}>
              {t("common.again")}
            </Button>
          ) : null}
        </span>
      }
    />
  );
}

/** The first picture of a part whose figures are still on their way. */
export function Waiting(props: { readonly rows?: number }): ReactNode {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("common.loading")}>
      <Skeleton active title={false} paragraph={{ rows: props.rows ?? 4 }} />
    </div>
  );
}

/** Nothing here, and what to do about it. */
export function Nothing(props: { readonly text: string; readonly children?: ReactNode }): ReactNode {
  return (
    <div className="nothing">
      <p>{props.text}</p>
      {props.children}
    </div>
  );
}

/** A share of a whole as a bar with its figures in words for a screen reader. */
export function Bar(props: {
  readonly label: string;
  readonly parts: readonly { readonly key: string; readonly value: number; readonly tone: string }[];
  readonly total: number;
}): ReactNode {
  return (
    <div className="bar" role="img" aria-label={props.label}>
      {props.parts.map((part) => (
        <span
          key={part.key}
          className={`bar-part bar-${part.tone}`}
          style={{ width: `${props.total > 0 ? Math.min(100, (part.value / props.total) * 100) : 0}%` }}
        />
      ))}
    </div>
  );
}
