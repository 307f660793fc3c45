import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "./dialog.tsx";

/** What the keyboard does. */
export function KeyHelp(props: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const rows: readonly (readonly [string, string])[] = [
    ["Ctrl K / ⌘ K", t("shell.help.search")],
    ["?", t("shell.help.help")],
    ["↑ ↓", t("shell.help.arrows")],
    ["Enter", t("shell.help.enter")],
    ["Esc", t("shell.help.escape")],
    ["Tab", t("shell.help.tab")],
  ];
  return (
    <Dialog name={t("shell.help.title")} className="dialog-help" onClose={props.onClose}>
      <h2>{t("shell.help.title")}</h2>
      <dl>
        {rows.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <div className="dialog-actions">
        <button type="button" className="plain-button plain-main" onClick={props.onClose}>
          {t("shell.close")}
        </button>
      </div>
    </Dialog>
  );
}
