import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { AreaPath } from "./area-path.tsx";
import { Bell } from "./bell.tsx";
import { useOutbreak } from "./board.ts";
import { changeLanguage, currentLanguage, wordFor } from "./i18n.ts";
import { useLiveState, useNowMs, usePace } from "./live.ts";
import { OwnMenu } from "./own.tsx";
import { useSession } from "./session.ts";
import { wallTime } from "./time.ts";

/** Says on every page, print included, that nothing here is real. */
export function DrillBanner(): ReactNode {
  const { t } = useTranslation();
  const outbreak = useOutbreak();
  const speed = usePace();
  if (!outbreak?.drill) return null;
  return (
    <aside className="drill" aria-label={t("shell.drill.mark")}>
      <strong>
        {t("shell.drill.mark")}
        <span>{t("shell.drill.text")}</span>
        {speed > 1 ? <span className="drill-speed">{t("shell.drill.speed", { speed })}</span> : null}
      </strong>
      <b className="drill-print" aria-hidden="true" data-mark={t("shell.drill.mark")} />
    </aside>
  );
}

const searchKeys = "Ctrl K";

/** The outbreak with its clock, who is at the desk, and the ways to everything else. */
export function TopBar(props: {
  readonly unfolded: boolean;
  readonly onUnfold: () => void;
  readonly onSearch: () => void;
  readonly onHelp: () => void;
  readonly onPassword: () => void;
  readonly onTokens: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const other = currentLanguage() === "en" ? "zh-CN" : "en";
  return (
    <header className="top">
      <button
        type="button"
        className="top-button top-fold"
        aria-expanded={props.unfolded}
        aria-controls="places"
        onClick={props.onUnfold}
      >
        {t("shell.menu")}
      </button>
      <Link to="/" className="brand" aria-label={t("shell.brand")}>
        <span className="brand-mark" aria-hidden="true" />
        <span>{t("shell.brand")}</span>
      </Link>
      <OutbreakName />
      <OutbreakClock />
      <div className="own">
        <button type="button" className="top-button top-search" onClick={props.onSearch} aria-keyshortcuts="Control+K">
          {t("shell.search")} <kbd>{searchKeys}</kbd>
        </button>
        <Bell />
        <button type="button" className="top-button" lang={other} onClick={() => void changeLanguage(other)}>
          {t("shell.otherLanguage")}
        </button>
        <OwnMenu onHelp={props.onHelp} onPassword={props.onPassword} onTokens={props.onTokens} />
      </div>
    </header>
  );
}

function OutbreakName(): ReactNode {
  const { t, i18n } = useTranslation();
  const outbreak = useOutbreak();
  if (!outbreak) return null;
  return (
    <div className="top-outbreak">
      <span className="top-name">{i18n.language === "en" ? outbreak.nameEn : outbreak.name}</span>
      <span className="top-facts">
        {wordFor(t, "enums.phase", outbreak.phase)}
        <i aria-hidden="true" />
        {t("shell.level", { level: wordFor(t, "enums.level", outbreak.responseLevel) })}
        <i aria-hidden="true" />
        {outbreak.protocolId} {outbreak.protocolVersion}
      </span>
    </div>
  );
}

/** The one clock of the outbreak: time since the first positive, and the wall clock of its zone. */
function OutbreakClock(): ReactNode {
  const { t } = useTranslation();
  const outbreak = useOutbreak();
  const nowMs = useNowMs();
  const live = useLiveState();
  if (!outbreak || nowMs === 0) return <div className="clock" />;
  const wall = wallTime(new Date(nowMs).toISOString(), outbreak.timeZone);
  const since = outbreak.firstPositiveAt ? nowMs - Date.parse(outbreak.firstPositiveAt) : null;
  return (
    <div className="clock" role="timer" aria-label={t("shell.clock.label")}>
      <span className="clock-since">{since === null ? t("shell.clock.none") : sinceText(since)}</span>
      <span className="clock-wall">
        {wall.day} {wall.time} {wall.offset}
      </span>
      <span className={`live live-${live}`}>{t(`shell.live.${live}`)}</span>
    </div>
  );
}

/** T+3d 04:12, the same in every language, because a clock is read at a glance. */
function sinceText(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const two = (value: number): string => String(value).padStart(2, "0");
  return `T+${Math.floor(minutes / 1440)}d ${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}

/** What only paper shows: the outbreak, the time with its offset, and who printed it. */
export function PrintHead(): ReactNode {
  const { t, i18n } = useTranslation();
  const outbreak = useOutbreak();
  const session = useSession();
  const nowMs = useNowMs();
  if (!outbreak || !session || nowMs === 0) return null;
  const wall = wallTime(new Date(nowMs).toISOString(), outbreak.timeZone);
  const roles = session.roles.map((role) => wordFor(t, "enums.role", role)).join(" · ");
  return (
    <div className="print-head">
      <b>{i18n.language === "en" ? outbreak.nameEn : outbreak.name}</b>
      <span>{t("shell.printedAt", { at: `${wall.day} ${wall.time} ${wall.offset}` })}</span>
      <span>
        {t("shell.printedBy", { name: session.name, roles })}
        {" · "}
        {session.areaCode === "" ? t("shell.everywhere") : <AreaPath code={session.areaCode} />}
      </span>
    </div>
  );
}
