import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { everyWord } from "./i18n.ts";
import { noticesQuery } from "./notices.ts";
import { useSession } from "./session.ts";

// It names tasks, which the first page does not.
const NoticeDrawer = lazy(async () => {
  await everyWord();
  return { default: (await import("./notice-drawer.tsx")).NoticeDrawer };
});
/** More than this many are not counted out. */
const shownMax = 99;

/** How much came in that is not read yet; opens what it is. */
export function Bell(): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const may = useSession()?.permissions.includes("desk.notice.read") === true;
  const unread = useQuery({ ...noticesQuery(null), enabled: may }).data?.unread ?? 0;
  if (!may) return null;
  const count = unread > shownMax ? `${shownMax}+` : String(unread);
  return (
    <>
      <button type="button" className="top-button bell" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <span className="bell-word">{t("notices.title")}</span>
        {unread > 0 ? (
          <b className="bell-count">
            {count}
            <span className="sr-only"> {t("notices.unread")}</span>
          </b>
        ) : null}
      </button>
      {open ? (
        <Suspense fallback={null}>
          <NoticeDrawer onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
