import { queryOptions } from "@tanstack/react-query";
import { get, type Page } from "./api.ts";

/** One operation of the API that the account may do. */
export interface OperationRow {
  readonly id: string;
  readonly module: string;
  readonly method: string;
  readonly url: string;
}

/** Every operation the account may do; fetched once. */
export const operationsQuery = queryOptions({
  queryKey: ["operations"],
  queryFn: () => get<Page<OperationRow>>("/api/v1/operations"),
  staleTime: Infinity,
});
