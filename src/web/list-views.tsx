import { lazy, Suspense, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Disclosure } from "./disclosure.tsx";
import { Waiting } from "./parts.tsx";
import { useSession } from "./session.ts";

const Views = lazy(async () => ({ default: (await import("./list-views-panel.tsx")).Views }));

/** Filters and columns under a name: one's own, and those that colleagues share. */
export function ViewMenu(props: {
  readonly page: string;
  readonly hidden: ReadonlySet<string>;
  readonly onColumns: (hidden: ReadonlySet<string>) => void;
}): ReactNode {
  const { t } = useTranslation();
  const may = useSession()?.permissions.includes("desk.view.write") === true;
  if (!may) return null;
  return (
    <Disclosure small label={t("list.views")}>
      {(close) => (
        <Suspense fallback={<Waiting rows={2} />}>
          <Views {...props} onClose={close} />
        </Suspense>
      )}
    </Disclosure>
  );
}
