import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FigureChange, FrozenFigure } from "#domain/reports";
import { get } from "#web/api";
import { wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { Moment, ProblemNotice, Waiting } from "#webx/parts";

const shownMax = 200;

/** What made the figures what they are since the freeze before: one signed line for each event. spec: FIG-3 */
export function Changes({ freezeId }: { readonly freezeId: string }): ReactNode {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ["changes", freezeId],
    queryFn: () =>
      get<{ readonly changes: readonly FigureChange[]; readonly broken: readonly FrozenFigure[] }>(
        `/api/v1/figures/${encodeURIComponent(freezeId)}/changes`,
      ),
    staleTime: Infinity,
  });
  if (found.error) return <ProblemNotice error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting rows={4} />;
  const { changes } = found.data;
  if (changes.length === 0) return <p className="muted">{t("briefings.changes.none")}</p>;
  return (
    <>
      <p className="muted">
        {t("briefings.changes.count", { shown: Math.min(shownMax, changes.length), count: numberText(changes.length) })}
      </p>
      <div className="table-scroll">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("briefings.changes.at")}</th>
              <th scope="col">{t("briefings.figure")}</th>
              <th scope="col" className="num">
                {t("briefings.change")}
              </th>
              <th scope="col">{t("common.area")}</th>
              <th scope="col">{t("briefings.changes.why")}</th>
            </tr>
          </thead>
          <tbody>
            {changes.slice(0, shownMax).map((row) => (
              <tr key={`${row.at} ${row.figure} ${row.subjectId} ${row.detail} ${row.change}`}>
                <td>
                  <Moment at={row.at} />
                </td>
                <td>{wordFor(t, "briefings.values.figure", row.figure)}</td>
                <td className="num">{row.change > 0 ? `+${row.change}` : row.change}</td>
                <td>
                  <AreaPath code={row.areaCode} />
                </td>
                <td>{wordFor(t, "event", row.event)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
