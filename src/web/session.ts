import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, remove } from "./api.ts";
import { forgetPerson } from "./preferences.ts";

/** Who is logged in, what they may do and where. */
export interface Session {
  readonly name: string;
  readonly roles: readonly string[];
  /** '' is everywhere. */
  readonly areaCode: string;
  readonly permissions: readonly string[];
}

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: () => get<Session>("/api/v1/session"),
  retry: false,
  staleTime: 5 * 60_000,
});

/** The person logged in; undefined while unknown or logged out. */
export function useSession(): Session | undefined {
  return useQuery(sessionQuery).data;
}

/** Opens a session; throws Problem when the log-in or the password is wrong. */
export async function logIn(login: string, password: string): Promise<void> {
  await post("/api/v1/session", { login, password });
}

/** Ends the session and forgets everything fetched under it. */
export function useLogOut(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await remove("/api/v1/session");
    client.clear();
    forgetPerson();
  };
}
