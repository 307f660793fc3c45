import type { ModuleDef } from "#platform/module";
import { controlRoutes } from "./control.routes.ts";
import { react } from "./inbound.reactions.ts";
import { arrivalRoutes } from "./inbound.routes.ts";
import { askForPostTests } from "./posts.service.ts";
import { publicRoutes } from "./public.routes.ts";
import { sheets } from "./sheets.ts";

const postTestsMinutes = 60;

export const module: ModuleDef = {
  name: "inbound",
  permissions: [
    "inbound.arrival.read",
    "inbound.arrival.write",
    "inbound.region.read",
    "inbound.region.write",
    "inbound.pass.read",
    "inbound.pass.write",
    "inbound.letter.read",
    "inbound.letter.write",
    "inbound.post.read",
    "inbound.post.write",
    "inbound.goods.read",
    "inbound.goods.write",
    "inbound.public.read",
    "inbound.public.write",
  ],
  register(bus) {
    react(bus);
    bus.every(postTestsMinutes, "inbound.askForPostTests", askForPostTests);
  },
  routes: [...arrivalRoutes, ...controlRoutes, ...publicRoutes],
  sheets,
};
