import Type from "typebox";
import { defineRoute, type Route } from "#platform/http";
import { sendVolunteerForm, volunteerForm } from "./public.page.ts";
import { VolunteerApplication, VolunteerReceipt } from "./teams.model.ts";
import { registerVolunteer, volunteerStatus } from "./volunteers.service.ts";

const tag = "public";
const permission = {
  public: "residents offer to help without an account; the answer holds a receipt and nothing personal",
};

export const publicRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/public/volunteer",
    operationId: "volunteerForm",
    tag,
    permission,
    summary: "The form by which a resident offers to help",
    response: null,
    handler: (ctx) => volunteerForm(ctx),
  }),
  defineRoute({
    method: "POST",
    url: "/public/volunteer",
    operationId: "sendVolunteerForm",
    tag,
    permission,
    summary: "Take the form; answers with a page",
    body: VolunteerApplication,
    response: null,
    handler: (ctx, { body }) => sendVolunteerForm(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/public/volunteer",
    operationId: "registerVolunteer",
    tag,
    permission,
    summary: "A resident offers to help; the same phone twice is one application",
    body: VolunteerApplication,
    response: VolunteerReceipt,
    handler: (ctx, { body }) => registerVolunteer(ctx, body),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/public/volunteer/:receipt",
    operationId: "volunteerStatus",
    tag,
    permission,
    summary: "How an application stands, by its receipt",
    params: Type.Object({ receipt: Type.String({ maxLength: 40 }) }),
    response: VolunteerReceipt,
    handler: (ctx, { params }) => volunteerStatus(ctx, params),
  }),
];
