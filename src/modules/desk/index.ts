export { module } from "./desk.module.ts";
export { recordTimeline } from "./timeline.service.ts";
export { dropView, listViews, saveView } from "./views.service.ts";
