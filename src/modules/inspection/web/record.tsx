import { Button } from "antd";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "#web/api";
import { useSession } from "#web/session";

const VisitForm = lazy(async () => ({ default: (await import("./visit-form.tsx")).VisitForm }));

/** Enters one visit: team, place, time, and an answer for each item of the list that the place's kind has. */
export function RecordVisit(): ReactNode {
  const { t } = useTranslation();
  const session = useSession();
  const [key, setKey] = useState<string | null>(null);
  if (!session?.permissions.includes("inspection.visit.write")) return null;
  return (
    <>
      <Button size="small" type="primary" onClick={() => setKey(newKey())}>
        {t("inspection.do.record")}
      </Button>
      {key === null ? null : (
        <Suspense fallback={null}>
          <VisitForm actionKey={key} onClose={() => setKey(null)} />
        </Suspense>
      )}
    </>
  );
}
