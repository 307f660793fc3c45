import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { post, Problem } from "./api.ts";
import { Dialog } from "./dialog.tsx";
import { ProblemNotice } from "./parts.tsx";
import { useUnsavedGuard } from "./unsaved.ts";

/** As many as the server takes at least. */
const charsMin = 10;
const fields = ["old", "next", "again"] as const;

/** Changes one's own password; the other places where one is logged in are logged out. */
export function PasswordDialog(props: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [typed, setTyped] = useState({ old: "", next: "", again: "" });
  const [fault, setFault] = useState("");
  const sending = useMutation({
    mutationFn: () => post("/api/v1/session/password", { old: typed.old, next: typed.next }),
  });
  useUnsavedGuard(typed.next !== "" && !sending.isSuccess);
  const send = (event: { preventDefault: () => void }): void => {
    event.preventDefault();
    const wrong =
      typed.next.length < charsMin
        ? t("shell.password.short", { chars: charsMin })
        : typed.next === typed.again
          ? ""
          : t("shell.password.differ");
    setFault(wrong);
    if (wrong === "") sending.mutate();
  };
  const { error } = sending;
  const wrongOld = error instanceof Problem && error.code === "auth.badCredentials";
  return (
    <Dialog name={t("shell.password.title")} className="dialog-help" onClose={props.onClose}>
      <h2>{t("shell.password.title")}</h2>
      {sending.isSuccess ? <p role="status">{t("shell.password.done")}</p> : null}
      <form className="plain-form" onSubmit={send} hidden={sending.isSuccess}>
        {fields.map((name) => (
          <label key={name}>
            <span>{t(`shell.password.field.${name}`)}</span>
            <input
              type="password"
              required
              autoComplete={name === "old" ? "current-password" : "new-password"}
              value={typed[name]}
              onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
            />
          </label>
        ))}
        <p className="muted">{t("shell.password.rule", { chars: charsMin })}</p>
        {fault === "" ? null : (
          <p role="alert" className="due-late">
            {fault}
          </p>
        )}
        {wrongOld ? (
          <p role="alert" className="due-late">
            {t("shell.password.wrongOld")}
          </p>
        ) : null}
        {error && !wrongOld ? <ProblemNotice error={error} /> : null}
        <div className="dialog-actions">
          <button type="button" className="plain-button" onClick={props.onClose}>
            {t("action.cancel")}
          </button>
          <button type="submit" className="plain-button plain-main" disabled={sending.isPending}>
            {t("shell.password.save")}
          </button>
        </div>
      </form>
      {sending.isSuccess ? (
        <div className="dialog-actions">
          <button type="button" className="plain-button plain-main" onClick={props.onClose}>
            {t("shell.close")}
          </button>
        </div>
      ) : null}
    </Dialog>
  );
}
