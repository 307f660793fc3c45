import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "./parts.tsx";

/** The page of an address that leads nowhere. */
export function Lost(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="page">
      <h1>{t("common.lost.title")}</h1>
      <p>{t("common.lost.text")}</p>
      <Link to="/">{t("common.lost.back")}</Link>
    </div>
  );
}

/** The page of a failure that no part of the page caught. */
export function PageProblem(props: ErrorComponentProps): ReactNode {
  const router = useRouter();
  return (
    <div className="page">
      <ProblemNotice error={props.error} retry={() => void router.invalidate()} />
    </div>
  );
}
