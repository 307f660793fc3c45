import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BoardRooms } from "#domain/command";
import { wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { Bar, Panel } from "#webx/parts";

function Capacity(props: {
  readonly kind: string;
  readonly note: string;
  readonly beds: number;
  readonly inUse: number;
  readonly free: number;
}): ReactNode {
  const { t } = useTranslation();
  const name = wordFor(t, "enums.siteKind", props.kind);
  return (
    <div className="capacity">
      <div className="capacity-head">
        <Link to="/rooms" search={{ by: props.kind }}>
          {name}
        </Link>
        <span className="muted">{props.note}</span>
        <span className="capacity-free">{t("board.rooms.free", { free: numberText(props.free) })}</span>
      </div>
      <Bar
        label={t("board.rooms.bar", { name, inUse: numberText(props.inUse), beds: numberText(props.beds) })}
        total={props.beds}
        parts={[{ key: "inUse", value: props.inUse, tone: "main" }]}
      />
      <div className="capacity-foot">
        {t("board.rooms.inUse", { inUse: numberText(props.inUse), beds: numberText(props.beds) })}
      </div>
    </div>
  );
}

/** Each fangcang phase with its beds: open, or in reserve and buildable within a day. */
function Phases(props: { readonly phases: BoardRooms["fangcang"]["phases"] }): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="fangcang">
      {props.phases.map((phase) => (
        <li key={phase.siteId} className={phase.state === "open" ? "" : "muted"}>
          <span>
            {t("board.rooms.phase", { phase: phase.phase, state: wordFor(t, "enums.siteState", phase.state) })}
          </span>
          <span>
            {phase.state === "open"
              ? t("board.rooms.inUse", { inUse: numberText(phase.inUse), beds: numberText(phase.beds) })
              : t("board.rooms.reserve", { beds: numberText(phase.beds) })}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Rooms and beds by kind: in use, free, and the fangcang phases that can still be opened. */
export function RoomsPanel(props: { readonly rooms: BoardRooms }): ReactNode {
  const { t } = useTranslation();
  const { central, fangcang, hospital } = props.rooms;
  return (
    <Panel title={t("board.rooms.title")} className="panel-rooms">
      <Capacity
        kind="central"
        note={t("board.rooms.sitesRooms", { sites: numberText(central.sites), rooms: numberText(central.rooms) })}
        beds={central.beds}
        inUse={central.inUse}
        free={central.free}
      />
      <Capacity kind="fangcang" note="" beds={fangcang.beds} inUse={fangcang.inUse} free={fangcang.free} />
      <Phases phases={fangcang.phases} />
      <Capacity
        kind="hospital"
        note={t("board.rooms.sites", { sites: numberText(hospital.sites) })}
        beds={hospital.beds}
        inUse={hospital.inUse}
        free={hospital.free}
      />
    </Panel>
  );
}
