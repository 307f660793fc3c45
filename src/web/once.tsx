import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "./dialog.tsx";
import { wordFor } from "./i18n.ts";

interface Shown {
  readonly title: string;
  readonly values: readonly (readonly [string, string])[];
}

/** Shows once what the server will not show again, such as a password it made; the dialog is to be drawn by the page. */
export function useShowOnce(): {
  readonly show: (title: string) => (answer: unknown) => void;
  readonly dialog: ReactNode;
} {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Shown | null>(null);
  const close = (): void => setShown(null);
  return {
    show: (title) => (answer) => setShown({ title, values: Object.entries(answer as Record<string, string>) }),
    dialog:
      shown === null ? null : (
        <Dialog name={shown.title} className="dialog-popup" onClose={close}>
          <h2>{shown.title}</h2>
          <p>{t("admin.accounts.once")}</p>
          <dl className="once">
            {shown.values.map(([key, value]) => (
              <div key={key}>
                <dt>{wordFor(t, "field", key)}</dt>
                <dd>
                  <code>{value}</code>
                </dd>
              </div>
            ))}
          </dl>
          <div className="dialog-actions">
            <button type="button" className="plain-button plain-main" onClick={close}>
              {t("admin.accounts.kept")}
            </button>
          </div>
        </Dialog>
      ),
  };
}
