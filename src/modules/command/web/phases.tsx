import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BoardPhase } from "#domain/command";
import { daysToPhase } from "#kernel/countdown";
import { wordFor } from "#web/i18n";
import { Criteria } from "#webx/criteria";
import { Moment, Panel } from "#webx/parts";

/** The phases from activation to the all-clear; each one ahead shows what it still needs. */
export function PhasesPanel(props: { readonly phases: readonly BoardPhase[]; readonly current: string }): ReactNode {
  const { t } = useTranslation();
  const here = props.phases.findIndex((phase) => phase.phase === props.current);
  return (
    <Panel title={t("board.phases.title")} className="panel-phases">
      <ol className="phases">
        {props.phases.map((phase, index) => {
          const days = daysToPhase(phase.criteria);
          const state = index < here ? "past" : index === here ? "here" : "ahead";
          return (
            <li
              key={phase.phase}
              className={`phase phase-${state}`}
              {...(state === "here" ? { "aria-current": "step" as const } : {})}
            >
              <div className="phase-head">
                <strong>{wordFor(t, "enums.phase", phase.phase)}</strong>
                {phase.enteredAt ? (
                  <Moment at={phase.enteredAt} />
                ) : (
                  <span className="muted">
                    {days === null ? t("board.phases.notYet") : t("board.phases.days", { count: days })}
                  </span>
                )}
              </div>
              {state === "ahead" && phase.criteria.length > 0 ? (
                <Criteria group="phase.criterion" items={phase.criteria} />
              ) : null}
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
