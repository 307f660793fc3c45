import type { Both } from "#kernel/sheet";
import { defineRoute, htmlAnswer, type Route } from "#platform/http";
import { useCase } from "#platform/usecase";
import { findCurrentOutbreak } from "#modules/outbreaks";
import { escapeHtml, publicPage } from "#public/page";

const title: Both = { "zh-CN": "居民服务", en: "For residents" };
const nothing: Both = { "zh-CN": "目前没有开放的公共页面。", en: "No public page is open at present." };

/** Does an outbreak run, and is it a drill? Nothing else of it is told to a stranger. */
const isDrillNow = useCase(
  { name: "platform.publicFront", permission: "platform.public.read", kind: "read" },
  async (tx, _input: Record<string, never>) => (await findCurrentOutbreak(tx))?.drill ?? false,
);

/** The pages that a resident may open from a link: named, without parameters. */
export function publicPages(routes: readonly Route[]): readonly { readonly url: string; readonly title: Both }[] {
  return routes.flatMap(({ method, url, title: name, summary }) =>
    method === "GET" && url.startsWith("/public/") && !url.includes(":")
      ? [{ url, title: name ?? { "zh-CN": summary, en: summary } }]
      : [],
  );
}

/** The front page for residents, with a link to every public page of the modules. */
export function frontRoute(routes: readonly Route[]): Route {
  const pages = publicPages(routes);
  return defineRoute({
    method: "GET",
    url: "/public",
    operationId: "publicFront",
    summary: "Every public page",
    title,
    tag: "public",
    permission: { public: "a list of links for residents; tells nothing of anybody" },
    response: null,
    handler: async (ctx) => {
      const links = pages.map(
        (page) => `<li><a href="${escapeHtml(page.url)}?lang=${ctx.lang}">${escapeHtml(page.title[ctx.lang])}</a></li>`,
      );
      const body = links.length > 0 ? `<ul class="links">${links.join("")}</ul>` : `<p>${nothing[ctx.lang]}</p>`;
      const drill = await isDrillNow(ctx, {});
      return htmlAnswer(publicPage({ lang: ctx.lang, title, drill, body }));
    },
  });
}
