export { module } from "./areas.module.ts";
export { areaAncestors } from "./areas.store.ts";
