import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Popup } from "./popup.tsx";
import { Tokens } from "./tokens.tsx";

const url = "/api/v1/session/tokens";

/** One's own API tokens. */
export function OwnTokens(props: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Popup wide title={t("shell.tokens")} onClose={props.onClose}>
      <Tokens url={url} makeUrl={url} endUrl={(id) => `${url}/${encodeURIComponent(id)}/end`} mayWrite />
    </Popup>
  );
}
