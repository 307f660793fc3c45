import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { PageTabs } from "#webx/tabs";
import { Arrivals, Escorts, Regions } from "./arrivals.tsx";
import { Checkpoints, Goods, Letters, Passes, Posts } from "./control.tsx";
import { ArrivalCounts } from "./counts.tsx";
import { LetterPeople, Workers } from "./people.tsx";

/** The page of one arrival, fetched when it is opened. */
export async function loadArrivalPage(): Promise<() => ReactNode> {
  return (await import("./arrival.tsx")).ArrivalPage;
}

/** Inbound control: who and what comes in from elsewhere, one list a tab. */
export function InboundPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "arrivals", label: t("inbound.arrivals.title"), render: () => <Arrivals /> },
        { key: "counts", label: t("inbound.counts.title"), render: () => <ArrivalCounts /> },
        { key: "regions", label: t("inbound.regions.title"), render: () => <Regions /> },
        { key: "checkpoints", label: t("inbound.checkpoints.title"), render: () => <Checkpoints /> },
        { key: "passes", label: t("inbound.passes.title"), render: () => <Passes /> },
        { key: "escorts", label: t("inbound.escorts.title"), render: () => <Escorts /> },
        { key: "letters", label: t("inbound.letters.title"), render: () => <Letters /> },
        { key: "letterPeople", label: t("inbound.letterPeople.title"), render: () => <LetterPeople /> },
        { key: "posts", label: t("inbound.posts.title"), render: () => <Posts /> },
        { key: "workers", label: t("inbound.workers.title"), render: () => <Workers /> },
        { key: "goods", label: t("inbound.goods.title"), render: () => <Goods /> },
      ]}
    />
  );
}
