import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BoardTotals } from "#domain/command";
import { numberText } from "#web/time";

type Name = keyof BoardTotals;

interface Group {
  readonly key: string;
  readonly figures: readonly {
    readonly name: Name;
    readonly to: string;
    readonly search?: Readonly<Record<string, string>>;
  }[];
}

/** Figures that belong to one question stand together, each leading to its list. */
const groups: readonly Group[] = [
  {
    key: "found",
    figures: [
      { name: "confirmed", to: "/cases", search: { state: "confirmed" } },
      { name: "asymptomatic", to: "/cases", search: { state: "asymptomatic" } },
      { name: "preliminary", to: "/cases", search: { state: "preliminary" } },
    ],
  },
  {
    key: "care",
    figures: [
      { name: "inCare", to: "/cases" },
      { name: "recovered", to: "/cases" },
    ],
  },
  {
    key: "signal",
    figures: [
      { name: "positiveTubesOpen", to: "/positives", search: { state: "open" } },
      { name: "held", to: "/positives", search: { state: "open" } },
    ],
  },
  {
    key: "contacts",
    figures: [
      { name: "closeContacts", to: "/contacts", search: { by: "close" } },
      { name: "secondaryContacts", to: "/contacts", search: { by: "secondary" } },
    ],
  },
  {
    key: "isolation",
    figures: [
      { name: "inCentral", to: "/rooms", search: { by: "central" } },
      { name: "inHome", to: "/contacts" },
    ],
  },
];

/** The figures of this moment, in five groups. */
export function Totals(props: { readonly totals: BoardTotals }): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="totals" aria-label={t("board.totals.title")}>
      {groups.map((group) => (
        <div key={group.key} className="totals-group">
          <h2>{t(`board.totals.group.${group.key}`)}</h2>
          <ul>
            {group.figures.map((figure) => (
              <li key={figure.name}>
                <Link to={figure.to} search={figure.search ?? {}}>
                  <span className="figure">{numberText(props.totals[figure.name])}</span>
                  <span className="figure-name">{t(`board.totals.${figure.name}`)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
