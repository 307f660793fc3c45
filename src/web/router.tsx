import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type AnyRouter,
} from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Problem } from "./api.ts";
import { everyWord } from "./i18n.ts";
import { listSearch } from "./list-search.ts";
import { LoginPage } from "./login.tsx";
import { Lost, PageProblem } from "./lost.tsx";
import { Waiting } from "./parts.tsx";
import { placesFor } from "./places.ts";
import { sessionQuery } from "./session.ts";
import { Shell } from "./shell.tsx";

interface RouterContext {
  readonly client: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({ notFoundComponent: Lost });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  component: LoginPage,
  // Only a path of this very site may be returned to.
  validateSearch: (search: Record<string, unknown>): { from?: string } =>
    typeof search["from"] === "string" && /^\/(?!\/)/.test(search["from"]) ? { from: search["from"] } : {},
});

/** Everything behind the log-in; without a session the log-in page opens and comes back here. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      const session = await context.client.ensureQueryData(sessionQuery);
      const [first] = placesFor(session);
      const mayHere = location.pathname !== "/" || first === undefined || first.to === "/";
      if (!mayHere) throw redirect({ to: first.to, search: first.search ?? {} });
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        throw redirect({ to: "/login", search: { from: location.href } });
      }
      throw error;
    }
  },
});

type PageComponent = (props: object) => ReactNode;

/** A page behind the log-in, fetched with its words when it is first opened; the board has its words from the start. */
function page(path: string, component: () => Promise<PageComponent>) {
  const words = path === "/" ? async () => undefined : everyWord;
  return createRoute({
    getParentRoute: () => inside,
    path,
    validateSearch: listSearch,
    component: lazyRouteComponent(async () => {
      const [found] = await Promise.all([component(), words()]);
      return { default: found };
    }),
  });
}

const tree = root.addChildren([
  login,
  inside.addChildren([
    page("/", async () => (await import("#pages/command")).BoardPage),
    page("/briefings/$id", async () => (await import("#pages/command")).loadBriefingPage()),
    page("/venues", async () => (await import("#pages/venues")).VenuesPage),
    page("/admin/accounts", async () => (await import("./admin-accounts.tsx")).AccountsPage),
    page("/admin/audit", async () => (await import("./admin-system.tsx")).AuditPage),
    page("/admin/health", async () => (await import("./admin-health.tsx")).HealthPage),
    page("/admin/imports", async () => (await import("./admin-imports.tsx")).ImportsPage),
    page("/admin/protocols", async () => (await import("#pages/outbreaks")).ProtocolsPage),
    page("/wall", async () => (await import("#pages/command")).loadWallPage()),
    page("/briefings", async () => (await import("#pages/command")).loadBriefingsPage()),
    page("/orders", async () => (await import("#pages/command")).loadOrdersPage()),
    page("/cases", async () => (await import("#pages/cases")).CasesPage),
    page("/cases/$id", async () => (await import("#pages/cases")).loadCasePage()),
    page("/contacts", async () => (await import("#pages/tracing")).ContactsPage),
    page("/chains", async () => (await import("#pages/tracing")).loadChainsPage()),
    page("/contacts/$id", async () => (await import("#pages/tracing")).loadContactPage()),
    page("/positives", async () => (await import("#pages/cases")).PositivesPage),
    page("/tubes", async () => (await import("#pages/screening")).TubesPage),
    page("/tubes/$id", async () => (await import("#pages/cases")).loadTubePage()),
    page("/rounds", async () => (await import("#pages/screening")).RoundsPage),
    page("/rounds/$id", async () => (await import("#pages/screening")).loadRoundPage()),
    page("/rooms", async () => (await import("#pages/isolation")).RoomsPage),
    page("/transfers", async () => (await import("#pages/isolation")).TransfersPage),
    page("/releases", async () => (await import("#pages/isolation")).ReleasesPage),
    page("/sites", async () => (await import("#pages/isolation")).SitesPage),
    page("/sites/$id", async () => (await import("#pages/isolation")).loadSitePage()),
    page("/sites/$id/floors", async () => (await import("#pages/isolation")).loadFloorsPage()),
    page("/zones", async () => (await import("#pages/zones")).ZonesPage),
    page("/zones/draw", async () => (await import("#pages/zones")).loadDrawPage()),
    page("/zones/$id", async () => (await import("#pages/zones")).loadZonePage()),
    page("/inbound", async () => (await import("#pages/inbound")).InboundPage),
    page("/inbound/$id", async () => (await import("#pages/inbound")).loadArrivalPage()),
    page("/inspection", async () => (await import("#pages/inspection")).InspectionPage),
    page("/inspection/$id", async () => (await import("#pages/inspection")).loadFindingPage()),
    page("/public-information", async () => (await import("#pages/reports")).PublicInformationPage),
    page("/registers", async () => (await import("#pages/people")).RegistersPage),
    page("/sentinel", async () => (await import("#pages/sentinel")).SentinelPage),
    page("/supplies", async () => (await import("#pages/supplies")).SuppliesPage),
    page("/supplies/requests/$id", async () => (await import("#pages/supplies")).loadSupplyRequestPage()),
    page("/grid", async () => (await import("#pages/grid")).GridPage),
    page("/teams", async () => (await import("#pages/teams")).TeamsPage),
    page("/teams/members/$id", async () => (await import("#pages/teams")).loadMemberPage()),
    page("/functions", async () => (await import("./functions.tsx")).FunctionsPage),
    page("/tasks", async () => (await import("#pages/tasks")).TasksPage),
    page("/tasks/$id", async () => (await import("#pages/tasks")).loadTaskPage()),
  ]),
]);

/** The router of the command post; the client holds what its pages have fetched. */
export function makeRouter(client: QueryClient): AnyRouter {
  return createRouter({
    routeTree: tree,
    context: { client },
    defaultErrorComponent: PageProblem,
    defaultPendingComponent: () => <Waiting rows={8} />,
    defaultPreload: "intent",
    scrollRestoration: true,
  });
}
