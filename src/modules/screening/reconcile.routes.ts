import Type from "typebox";
import { defineRoute, type Route } from "#platform/http";
import {
  DifferencePage,
  DifferenceQuery,
  Reconciliation,
  ReconciliationPage,
  ReconciliationQuery,
  SetRightAnswer,
} from "./reconcile.model.ts";
import { listDifferences, listReconciliations, reconcileRound, setCoverageRight } from "./reconcile.service.ts";

const tag = "screening";
const RoundParams = Type.Object({ id: Type.String({ format: "uuid" }) });

export const reconcileRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/rounds/:id/reconciliations",
    operationId: "listReconciliations",
    tag,
    permission: listReconciliations.def.permission,
    summary: "The recounts of a round's counters, newest first",
    params: RoundParams,
    query: ReconciliationQuery,
    response: ReconciliationPage,
    handler: (ctx, { params, query }) => listReconciliations(ctx, { ...query, roundId: params.id }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/rounds/:id/differences",
    operationId: "listCoverageDifferences",
    tag,
    permission: listDifferences.def.permission,
    summary: "Counters that the newest recount of a round found to differ from the rows, with their causes",
    params: RoundParams,
    query: DifferenceQuery,
    response: DifferencePage,
    handler: (ctx, { params, query }) => listDifferences(ctx, { ...query, roundId: params.id }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/rounds/:id/reconcile",
    operationId: "reconcileRound",
    tag,
    permission: reconcileRound.def.permission,
    summary: "Recount a round's counters from people, tubes and swabs; nothing is changed",
    params: RoundParams,
    response: Reconciliation,
    handler: (ctx, { params }) => reconcileRound(ctx, { roundId: params.id }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/rounds/:id/set-right",
    operationId: "setCoverageRight",
    tag,
    permission: setCoverageRight.def.permission,
    summary: "Set the counters of a round that differ to what the rows count",
    params: RoundParams,
    response: SetRightAnswer,
    handler: (ctx, { params }) => setCoverageRight(ctx, { roundId: params.id }),
  }),
];
