export { module } from "./desk.module.ts";
export { listNotices, markNoticesRead } from "./notices.service.ts";
export { findPersonByKey, searchRecords } from "./search.service.ts";
export { recordTimeline } from "./timeline.service.ts";
export { dropView, listViews, saveView } from "./views.service.ts";
