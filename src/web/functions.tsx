import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "./api.ts";
import { wordFor } from "./i18n.ts";
import { OperationDialog } from "./operation.tsx";
import { operationsQuery, type OperationRow } from "./operations.ts";
import { Nothing, Panel, ProblemNotice, Waiting } from "./parts.tsx";

/** Everything the account may do, by part of the work; each opens its form. */
export function FunctionsPage(): ReactNode {
  const { t } = useTranslation();
  const list = useQuery(operationsQuery);
  const { operation }: { readonly operation?: string } = useSearch({ strict: false });
  const go = useNavigate();
  const [sought, setSought] = useState("");
  const [key, setKey] = useState(newKey);
  const open = (id: string): void => {
    setKey(newKey());
    void go({ to: "/functions", search: id === "" ? {} : { operation: id } });
  };
  const rows = (list.data?.items ?? []).filter((row) => matches(sought, row, wordFor(t, "operation", row.id)));
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t("functions.title")}</h1>
          <p className="page-intro">{t("functions.intro")}</p>
        </div>
        <input
          type="search"
          className="plain-input functions-search"
          aria-label={t("functions.search")}
          placeholder={t("functions.search")}
          onChange={(event) => setSought(event.target.value)}
        />
      </header>
      {list.error ? <ProblemNotice error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isPending ? <Waiting rows={10} /> : null}
      {list.data && rows.length === 0 ? <Nothing text={t("functions.none")} /> : null}
      <div className="function-parts">
        {partsOf(rows).map(([module, operations]) => (
          <Panel key={module} title={wordFor(t, "functions.part", module)}>
            <ul className="functions">
              {operations.map(({ id }) => (
                <li key={id}>
                  <button type="button" className="link" onClick={() => open(id)}>
                    {wordFor(t, "operation", id)}
                  </button>
                </li>
              ))}
            </ul>
          </Panel>
        ))}
      </div>
      {operation === undefined ? null : (
        <OperationDialog key={key} operation={operation} actionKey={key} onClose={() => open("")} />
      )}
    </div>
  );
}

function matches(sought: string, row: OperationRow, word: string): boolean {
  const text = sought.trim().toLowerCase();
  return text === "" || word.toLowerCase().includes(text) || row.id.toLowerCase().includes(text);
}

function partsOf(rows: readonly OperationRow[]): [string, OperationRow[]][] {
  const parts = new Map<string, OperationRow[]>();
  for (const row of rows) parts.set(row.module, [...(parts.get(row.module) ?? []), row]);
  return [...parts];
}
