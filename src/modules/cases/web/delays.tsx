import { useQueries } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Delay, DelayMoment } from "#domain/cases";
import { get, withQuery } from "#web/api";
import { numberText } from "#web/time";
import type { ListSearch } from "#webx/list";
import { ProblemNotice, Waiting } from "#webx/parts";

/** The stretches a response is judged by, in the order of the loop. */
const stretches: readonly (readonly [DelayMoment, DelayMoment])[] = [
  ["onset", "sampled"],
  ["sampled", "positive"],
  ["positive", "control"],
  ["positive", "diagnosed"],
  ["diagnosed", "reported"],
  ["diagnosed", "admitted"],
  ["admitted", "outcome"],
];

function days(value: number | null): string {
  return value === null ? "–" : value.toFixed(2);
}

/** How many days lie between the moments of the cases: median, ninetieth percentile, and how many ran backwards. */
export function Delays(): ReactNode {
  const { t } = useTranslation();
  const { areaCode }: ListSearch = useSearch({ strict: false });
  const found = useQueries({
    queries: stretches.map(([from, to]) => {
      const url = withQuery("/api/v1/cases/delays", { from, to, areaCode });
      return { queryKey: ["figures", url], queryFn: () => get<Delay>(url), meta: { topics: ["cases"] } };
    }),
  });
  const error = found.find((one) => one.error)?.error;
  return (
    <div className="page">
      <h1>{t("cases.delays.title")}</h1>
      <p className="page-intro">{t("cases.delays.intro")}</p>
      {error ? <ProblemNotice error={error} /> : null}
      {found.some((one) => one.isPending) ? <Waiting rows={7} /> : null}
      <div className="table-scroll">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("cases.delays.stretch")}</th>
              <th scope="col" className="num">
                {t("cases.delays.n")}
              </th>
              <th scope="col" className="num">
                {t("cases.delays.median")}
              </th>
              <th scope="col" className="num">
                {t("cases.delays.p90")}
              </th>
              <th scope="col" className="num">
                {t("cases.delays.mean")}
              </th>
              <th scope="col" className="num">
                {t("cases.delays.negative")}
              </th>
            </tr>
          </thead>
          <tbody>
            {stretches.map(([from, to], index) => {
              const delay = found[index]?.data;
              return delay ? (
                <tr key={`${from} ${to}`}>
                  <th scope="row">
                    {t(`cases.course.mark.${from}`)} → {t(`cases.course.mark.${to}`)}
                  </th>
                  <td className="num">{numberText(delay.n)}</td>
                  <td className="num">{days(delay.medianDays)}</td>
                  <td className="num">{days(delay.p90Days)}</td>
                  <td className="num">{days(delay.meanDays)}</td>
                  <td className="num">{numberText(delay.negative)}</td>
                </tr>
              ) : null;
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}
