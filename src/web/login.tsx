import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { changeLanguage, currentLanguage } from "./i18n.ts";
import { ProblemNotice } from "./parts.tsx";
import { logIn, sessionQuery } from "./session.ts";
import "./styles/login.css";

/** The log-in page; it returns to the page that asked for it. Its form is plain HTML, so that it is there at once. */
export function LoginPage(): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const go = useNavigate();
  const search: { readonly from?: string } = useSearch({ strict: false });
  const [entry, setEntry] = useState({ login: "", password: "" });
  const [shown, setShown] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const other = currentLanguage() === "en" ? "zh-CN" : "en";
  useEffect(() => {
    document.title = `${t("login.title")} · ${t("shell.brand")}`;
  }, [t]);
  const enter = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await logIn(entry.login.trim(), entry.password);
      await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
      await go({ href: search.from ?? "/" });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="login">
      <section className="login-card">
        <p className="login-brand">
          <span className="brand-mark" aria-hidden="true" />
          {t("shell.brand")}
        </p>
        <h1>{t("login.title")}</h1>
        <p className="muted">{t("login.intro")}</p>
        <form
          className="plain-form"
          onSubmit={(event) => {
            event.preventDefault();
            void enter();
          }}
        >
          <label>
            <span>{t("login.login")}</span>
            <input
              required
              maxLength={100}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
              value={entry.login}
              onChange={(event) => setEntry({ ...entry, login: event.target.value })}
            />
          </label>
          <label>
            <span>{t("login.password")}</span>
            <input
              required
              maxLength={200}
              type={shown ? "text" : "password"}
              autoComplete="current-password"
              value={entry.password}
              onChange={(event) => setEntry({ ...entry, password: event.target.value })}
            />
          </label>
          <label className="login-show">
            <input type="checkbox" checked={shown} onChange={(event) => setShown(event.target.checked)} />
            <span>{t("login.show")}</span>
          </label>
          {error === null ? null : <ProblemNotice error={error} />}
          <button type="submit" className="plain-button plain-main" disabled={busy}>
            {busy ? t("login.entering") : t("login.enter")}
          </button>
        </form>
        <p className="muted login-help">{t("login.help")}</p>
        <button type="button" className="link" lang={other} onClick={() => void changeLanguage(other)}>
          {t("shell.otherLanguage")}
        </button>
      </section>
    </main>
  );
}
