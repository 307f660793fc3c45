import { ProblemError } from "#kernel/errors";
import { useCase } from "#platform/usecase";
import { viewsPerAccountMax, type SavedView, type SaveView } from "./desk.model.ts";
import { areasAbove } from "./desk.rules.ts";
import { deleteView, otherViews, upsertView, viewsOfPage } from "./views.store.ts";

/** The saved views of a page: one's own, and those shared by one's area and the areas above it. */
export const listViews = useCase(
  { name: "desk.listViews", permission: "desk.view.read", kind: "read" },
  (tx, input: { page: string }): Promise<SavedView[]> => viewsOfPage(tx, input.page, areasAbove(tx.actor.areaCode)),
);

/** Keeps a list's filters and columns under a name. */
export const saveView = useCase(
  { name: "desk.saveView", permission: "desk.view.write", kind: "write" },
  async (tx, input: SaveView): Promise<SavedView> => {
    // spec: DESK-1
    if ((await otherViews(tx, input.page, input.name)) >= viewsPerAccountMax)
      throw new ProblemError("limit.exceeded", { limit: viewsPerAccountMax });
    return upsertView(tx, input);
  },
);

/** Drops a view; only who keeps it may. */
export const dropView = useCase(
  { name: "desk.dropView", permission: "desk.view.write", kind: "write" },
  async (tx, input: { id: string }): Promise<{ id: string }> => {
    if (!(await deleteView(tx, input.id))) throw new ProblemError("record.notFound", { what: "view" });
    return { id: input.id };
  },
);
