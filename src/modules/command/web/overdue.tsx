import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BoardOverdue } from "#domain/command";
import { wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { Due, Nothing, Panel } from "#webx/parts";

const shownMax = 12;

/** What is late and whose it is, the longest list first; each row opens the tasks themselves. */
export function OverduePanel(props: { readonly overdue: BoardOverdue }): ReactNode {
  const { t } = useTranslation();
  const { total, byOwner } = props.overdue;
  return (
    <Panel
      title={t("board.overdue.title")}
      className="panel-overdue"
      side={
        <Link to="/tasks" search={{ state: "overdue" }}>
          {t("board.overdue.all", { total: numberText(total) })}
        </Link>
      }
    >
      {byOwner.length === 0 ? (
        <Nothing text={t("board.overdue.none")} />
      ) : (
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("board.overdue.owner")}</th>
              <th scope="col">{t("board.overdue.oldest")}</th>
              <th scope="col" className="num">
                {t("board.overdue.count")}
              </th>
            </tr>
          </thead>
          <tbody>
            {byOwner.slice(0, shownMax).map((row) => (
              <tr key={`${row.team} ${row.areaCode}`}>
                <th scope="row">
                  <Link to="/tasks" search={{ state: "overdue", by: row.team, areaCode: row.areaCode }}>
                    {row.areaName} · {wordFor(t, "enums.team", row.team)}
                  </Link>
                </th>
                <td>
                  <Due at={row.oldestDueAt} />
                </td>
                <td className="num">{numberText(row.count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
