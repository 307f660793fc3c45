import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "./dialog.tsx";

/**
 * Something to read over the page, with its title and a way back. It holds no form of the kit's, since the kit draws
 * its dialogs beneath the browser's own.
 */
export function Popup(props: {
  readonly title: string;
  readonly wide?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Dialog
      name={props.title}
      className={props.wide ? "dialog-popup dialog-wide" : "dialog-popup"}
      onClose={props.onClose}
    >
      <h2>{props.title}</h2>
      {props.children}
      <div className="dialog-actions">
        <button type="button" className="plain-button" onClick={props.onClose}>
          {t("shell.close")}
        </button>
      </div>
    </Dialog>
  );
}
