import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { AreaPath } from "./area-path.tsx";
import { Disclosure } from "./disclosure.tsx";
import { wordFor } from "./i18n.ts";
import { setTheme, useTheme } from "./preferences.ts";
import { useLogOut, useSession } from "./session.ts";

/** Who is at the desk, for what area and in which role, always in sight; behind it what is their own. */
export function OwnMenu(props: {
  readonly onHelp: () => void;
  readonly onPassword: () => void;
  readonly onTokens: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const theme = useTheme();
  const session = useSession();
  const logOut = useLogOut();
  const [failed, setFailed] = useState(false);
  if (!session) return null;
  const leave = async (): Promise<void> => {
    try {
      await logOut();
      window.location.assign("/login");
    } catch {
      setFailed(true);
    }
  };
  const roles = session.roles.map((role) => wordFor(t, "enums.role", role)).join(" · ");
  const label = (
    <>
      <b>{session.name}</b>
      <span>
        {session.areaCode === "" ? t("shell.everywhere") : <AreaPath code={session.areaCode} />} · {roles}
      </span>
    </>
  );
  return (
    <Disclosure className="top-button own-name" label={label}>
      {(close) => (
        <>
          {failed ? <p role="alert">{t("common.problem.noAnswer")}</p> : null}
          <button type="button" onClick={() => setTheme(theme === "dark" ? "light" : "dark")}>
            {theme === "dark" ? t("shell.light") : t("shell.dark")}
          </button>
          <button type="button" onClick={() => window.print()}>
            {t("shell.print")}
          </button>
          {[
            { text: t("shell.help.title"), act: props.onHelp },
            { text: t("shell.password.title"), act: props.onPassword },
            { text: t("shell.tokens"), act: props.onTokens },
          ].map(({ text, act }) => (
            <button
              key={text}
              type="button"
              onClick={() => {
                close();
                act();
              }}
            >
              {text}
            </button>
          ))}
          <button type="button" onClick={() => void leave()}>
            {t("shell.logOut")}
          </button>
        </>
      )}
    </Disclosure>
  );
}
