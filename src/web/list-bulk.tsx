import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "./api.ts";
import { ask } from "./ask.ts";
import { Dialog } from "./dialog.tsx";
import { wordFor } from "./i18n.ts";
import { operationsQuery } from "./operations.ts";
import { refreshLists } from "./refresh.ts";
import { numberText } from "./time.ts";

/** What can be done with several rows; each is sent by itself, so that one that is refused stops no other. */
export interface BulkAction<T> {
  readonly key: string;
  /** The operation's own word when absent. */
  readonly label?: string;
  /** The operation it takes; without it in the account's hands the action is not shown. */
  readonly operation: string;
  /** What happens to so many rows, said before it is done. */
  readonly confirm?: (count: number) => string;
  /** The rows it can be done with at all. */
  readonly may: (row: T) => boolean;
  readonly name: (row: T) => string;
  readonly send: (row: T) => Promise<unknown>;
  readonly danger?: boolean;
}

interface Run {
  readonly total: number;
  readonly done: number;
  readonly refused: readonly { readonly name: string; readonly why: string }[];
  readonly over: boolean;
}

/** Why a batch of one left its row out, as far as the answer says; null when it was done. */
function leftOut(answer: unknown): string | null {
  if (typeof answer !== "object" || answer === null) return null;
  for (const name of ["refused", "short", "waiting"]) {
    const rows: unknown = Reflect.get(answer, name);
    if (!Array.isArray(rows) || rows.length === 0) continue;
    const row: unknown = rows[0];
    const why: unknown = typeof row === "object" && row !== null ? Reflect.get(row, "why") : undefined;
    return typeof why === "string" ? why : "";
  }
  return Number(Reflect.get(answer, "none") ?? 0) > 0 ? "" : null;
}

/** The bar over a list with chosen rows. */
export function BulkBar<T>(props: {
  readonly rows: readonly T[];
  readonly actions: readonly BulkAction<T>[];
  readonly onClear: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const permitted = useQuery(operationsQuery).data?.items;
  const [run, setRun] = useState<Run | null>(null);
  const stopped = useRef(false);
  const { rows, actions, onClear } = props;

  const labelOf = (action: BulkAction<T>): string => action.label ?? wordFor(t, "operation", action.operation);
  const start = async (action: BulkAction<T>, able: readonly T[]): Promise<void> => {
    stopped.current = false;
    let state: Run = { total: able.length, done: 0, refused: [], over: false };
    setRun(state);
    for (const row of able) {
      if (stopped.current) break;
      try {
        const left = leftOut(await action.send(row));
        state =
          left === null
            ? { ...state, done: state.done + 1 }
            : { ...state, refused: [...state.refused, { name: action.name(row), why: left || t("list.leftOut") }] };
      } catch (error) {
        const why = error instanceof Problem ? [error.title, error.next].filter(Boolean).join(" ") : String(error);
        state = { ...state, refused: [...state.refused, { name: action.name(row), why }] };
      }
      setRun(state);
    }
    setRun({ ...state, over: true });
    await refreshLists(client);
  };
  const begin = async (action: BulkAction<T>): Promise<void> => {
    const able = rows.filter(action.may);
    const go = await ask({
      title: labelOf(action),
      text: action.confirm?.(able.length) ?? t("list.bulkConfirm", { count: able.length }),
      go: labelOf(action),
      stay: t("action.cancel"),
      main: "go",
      danger: action.danger ?? false,
    });
    if (go) await start(action, able);
  };
  const shown = actions.filter(({ operation }) => permitted?.some(({ id }) => id === operation));
  if (rows.length === 0 && run === null) return null;
  return (
    <div className="bulk-bar" role="region" aria-label={t("list.bulk")}>
      <strong>{t("list.chosen", { count: rows.length })}</strong>
      {shown.map((action) => (
        <Button
          key={action.key}
          size="small"
          danger={action.danger ?? false}
          disabled={!rows.some(action.may)}
          onClick={() => void begin(action)}
        >
          {labelOf(action)}
        </Button>
      ))}
      <Button size="small" type="text" onClick={onClear}>
        {t("list.clear")}
      </Button>
      {run === null ? null : (
        <Progressing
          run={run}
          onStop={() => {
            stopped.current = true;
          }}
          onClose={() => setRun(null)}
        />
      )}
    </div>
  );
}

function Progressing(props: {
  readonly run: Run;
  readonly onStop: () => void;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { run } = props;
  const gone = run.done + run.refused.length;
  const title = run.over ? t("list.over") : t("list.running");
  return (
    <Dialog name={title} className="dialog-run" onClose={run.over ? props.onClose : props.onStop}>
      <h2>{title}</h2>
      <progress max={Math.max(1, run.total)} value={gone} aria-label={t("list.running")} />
      <p role="status">
        {t("list.outcome", {
          done: numberText(run.done),
          refused: numberText(run.refused.length),
          total: numberText(run.total),
        })}
      </p>
      {run.refused.length === 0 ? null : (
        <ul>
          {run.refused.map(({ name, why }) => (
            <li key={name}>
              {name}: {why}
            </li>
          ))}
        </ul>
      )}
      <div className="dialog-actions">
        <button type="button" className="plain-button plain-main" onClick={run.over ? props.onClose : props.onStop}>
          {run.over ? t("list.close") : t("list.stop")}
        </button>
      </div>
    </Dialog>
  );
}
