import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/** Asks in the browser's own dialog; resolves to whether to leave. It works over any other open dialog. */
function askToLeave(text: { readonly title: string; readonly leave: string; readonly stay: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.className = "dialog dialog-ask";
    const title = document.createElement("p");
    title.textContent = text.title;
    title.id = "unsaved-title";
    dialog.setAttribute("aria-labelledby", title.id);
    const row = document.createElement("div");
    row.className = "dialog-actions";
    for (const [value, label] of [
      ["stay", text.stay],
      ["leave", text.leave],
    ] as const) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.className = value === "stay" ? "plain-button plain-main" : "plain-button";
      button.addEventListener("click", () => dialog.close(value));
      row.append(button);
    }
    dialog.append(title, row);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "leave");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** While `dirty`, leaving the page asks first: in the app by a plain dialog, out of it by the browser's own question. */
export function useUnsavedGuard(dirty: boolean): void {
  const { t } = useTranslation();
  useBlocker({
    disabled: !dirty,
    enableBeforeUnload: dirty,
    // Filters of the same page lose nothing.
    shouldBlockFn: async ({ current, next }) =>
      current.pathname !== next.pathname &&
      !(await askToLeave({
        title: t("shell.unsaved.title"),
        leave: t("shell.unsaved.leave"),
        stay: t("shell.unsaved.stay"),
      })),
  });
}
