import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

/** A member's code, which opens the member's page; only the code where the reader may not see the member. */
export function MemberLink(props: { readonly id: string | null; readonly code: string | null }): ReactNode {
  const { id, code } = props;
  if (id === null || code === null) return code || "–";
  return (
    <Link to="/teams/members/$id" params={{ id }}>
      {code}
    </Link>
  );
}
