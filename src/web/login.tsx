import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Form, Input } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { changeLanguage, currentLanguage } from "./i18n.ts";
import { ProblemNotice } from "./parts.tsx";
import { logIn, sessionQuery } from "./session.ts";

interface Entry {
  readonly login: string;
  readonly password: string;
}

/** The log-in page; it returns to the page that asked for it. */
export function LoginPage(): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const go = useNavigate();
  const search: { readonly from?: string } = useSearch({ strict: false });
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const other = currentLanguage() === "en" ? "zh-CN" : "en";
  const enter = async (entry: Entry): Promise<void> => {
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
        <Form<Entry> layout="vertical" size="large" requiredMark={false} onFinish={(entry) => void enter(entry)}>
          <Form.Item name="login" label={t("login.login")} rules={[{ required: true, message: t("login.needLogin") }]}>
            <Input autoComplete="username" autoFocus />
          </Form.Item>
          <Form.Item
            name="password"
            label={t("login.password")}
            rules={[{ required: true, message: t("login.needPassword") }]}
          >
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          {error === null ? null : <ProblemNotice error={error} />}
          <Button type="primary" htmlType="submit" block loading={busy}>
            {t("login.enter")}
          </Button>
        </Form>
        <Button type="link" lang={other} onClick={() => void changeLanguage(other)}>
          {t("shell.otherLanguage")}
        </Button>
      </section>
    </main>
  );
}
