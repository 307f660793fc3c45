import type { ReactNode } from "react";
import { areaLabel } from "#webx/area-filter";

/** A site's name in the page's language, or what stands there when there is no site. */
export function SiteName(props: {
  readonly row: { readonly siteName: string | null; readonly siteNameEn: string | null };
  readonly none?: string;
}): ReactNode {
  const { siteName, siteNameEn } = props.row;
  return <>{siteName === null ? (props.none ?? "–") : areaLabel({ name: siteName, nameEn: siteNameEn })}</>;
}
