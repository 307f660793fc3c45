import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { App, Button, Dropdown } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { AreaPath } from "./area-path.tsx";
import { useOutbreak } from "./board.ts";
import { changeLanguage, currentLanguage, wordFor } from "./i18n.ts";
import { useLiveState, useLiveStream, useNowMs, usePace } from "./live.ts";
import { groupsOf, placesFor, type Place, type PlaceGroup } from "./places.ts";
import { setTheme, useTheme } from "./preferences.ts";
import { useLogOut, useSession } from "./session.ts";
import { wallTime } from "./time.ts";

/** The frame of every page behind the log-in: drill banner, outbreak clock, places, the page itself. */
export function Shell(): ReactNode {
  const { t } = useTranslation();
  useLiveStream();
  return (
    <div className="shell">
      <a className="skip" href="#page">
        {t("common.skip")}
      </a>
      <DrillBanner />
      <TopBar />
      <Places />
      <main id="page" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

/** Says on every page, print included, that nothing here is real. */
function DrillBanner(): ReactNode {
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
    </aside>
  );
}

function TopBar(): ReactNode {
  const { t, i18n } = useTranslation();
  const outbreak = useOutbreak();
  const name = outbreak && (i18n.language === "en" ? outbreak.nameEn : outbreak.name);
  return (
    <header className="top">
      <Link to="/" className="brand">
        <span className="brand-mark" aria-hidden="true" />
        <span>{t("shell.brand")}</span>
      </Link>
      {outbreak ? (
        <div className="top-outbreak">
          <span className="top-name">{name}</span>
          <span className="top-facts">
            {wordFor(t, "enums.phase", outbreak.phase)}
            <i aria-hidden="true" />
            {t("shell.level", { level: wordFor(t, "enums.level", outbreak.responseLevel) })}
            <i aria-hidden="true" />
            {outbreak.protocolId} {outbreak.protocolVersion}
          </span>
        </div>
      ) : null}
      <OutbreakClock />
      <Own />
    </header>
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

function Own(): ReactNode {
  const { t } = useTranslation();
  const theme = useTheme();
  const session = useSession();
  const logOut = useLogOut();
  const { message } = App.useApp();
  const other = currentLanguage() === "en" ? "zh-CN" : "en";
  const leave = async (): Promise<void> => {
    try {
      await logOut();
      window.location.assign("/login");
    } catch (error) {
      void message.error(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="own">
      <Button size="small" type="text" lang={other} onClick={() => void changeLanguage(other)}>
        {t("shell.otherLanguage")}
      </Button>
      <Button
        size="small"
        type="text"
        aria-pressed={theme === "dark"}
        onClick={() => setTheme(theme === "dark" ? "light" : "dark")}
      >
        {theme === "dark" ? t("shell.light") : t("shell.dark")}
      </Button>
      {session ? (
        <Dropdown
          trigger={["click"]}
          menu={{
            items: [
              {
                key: "area",
                disabled: true,
                label: session.areaCode === "" ? t("shell.everywhere") : <AreaPath code={session.areaCode} />,
              },
              {
                key: "roles",
                disabled: true,
                label: session.roles.map((role) => wordFor(t, "enums.role", role)).join(" · "),
              },
              { type: "divider" },
              { key: "leave", label: t("shell.logOut"), onClick: () => void leave() },
            ],
          }}
        >
          <Button size="small" type="text" className="own-name">
            {session.name}
          </Button>
        </Dropdown>
      ) : null}
    </div>
  );
}

/** So few places stand side by side; more stand in groups. */
const flatPlacesMax = 6;

function Places(): ReactNode {
  const { t } = useTranslation();
  const session = useSession();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const open = session ? placesFor(session) : [];
  const here = open.find(({ to }) => (to === "/" ? path === "/" : path === to || path.startsWith(`${to}/`)));
  const flat = open.length <= flatPlacesMax;
  const beside = flat ? open : open.filter((place) => place.group === here?.group);
  return (
    <nav className="places" aria-label={t("shell.places")}>
      {flat ? null : (
        <div className="place-groups">
          {groupsOf(open).map(({ group, places }) => (
            <PlaceMenu key={group} group={group} places={places} here={here} />
          ))}
        </div>
      )}
      <div className="place-links">
        {beside.map((place) => (
          <Link
            key={place.to}
            to={place.to}
            search={place.search ?? {}}
            {...(place === here ? { "aria-current": "page" as const } : {})}
          >
            {t(`shell.place.${place.key}`)}
          </Link>
        ))}
      </div>
    </nav>
  );
}

/** One group as a menu of its places; arrows walk it, Enter opens, Escape leaves. */
function PlaceMenu(props: {
  readonly group: PlaceGroup;
  readonly places: readonly Place[];
  readonly here: Place | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const go = useNavigate();
  const { group, places, here } = props;
  return (
    <Dropdown
      trigger={["click"]}
      autoFocus
      menu={{
        selectable: true,
        selectedKeys: here ? [here.key] : [],
        items: places.map((place) => ({ key: place.key, label: t(`shell.place.${place.key}`) })),
        onClick: ({ key }) => {
          const place = places.find((one) => one.key === key);
          if (place) void go({ to: place.to, search: place.search ?? {} });
        },
      }}
    >
      <button
        type="button"
        className="place-group"
        aria-haspopup="menu"
        {...(here?.group === group ? { "aria-current": "true" as const } : {})}
      >
        {t(`shell.group.${group}`)}
      </button>
    </Dropdown>
  );
}
