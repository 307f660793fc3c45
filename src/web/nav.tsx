import { Link, useRouterState } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Disclosure } from "./disclosure.tsx";
import { groupsOf, placesFor, type Place } from "./places.ts";
import { useSession } from "./session.ts";

/** So few places stand side by side; more stand in groups. */
const flatPlacesMax = 6;

/** The place an address belongs to: the longest that it begins with. */
function placeAt(open: readonly Place[], path: string): Place | undefined {
  return open
    .filter(({ to }) => (to === "/" ? path === "/" : path === to || path.startsWith(`${to}/`)))
    .toSorted((a, b) => b.to.length - a.to.length)[0];
}

/** The bar of places: groups that open, and beside them the places of the open one. */
export function Places(props: { readonly unfolded: boolean; readonly onGo: () => void }): ReactNode {
  const { t } = useTranslation();
  const session = useSession();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const open = session ? placesFor(session) : [];
  const here = placeAt(open, path);
  const flat = open.length <= flatPlacesMax;
  const beside = flat ? open : open.filter((place) => place.group === here?.group);
  return (
    <nav id="places" className="places" aria-label={t("shell.places")} data-unfolded={props.unfolded}>
      {flat ? null : (
        <div className="place-groups">
          {groupsOf(open).map(({ group, places }) => (
            <Disclosure
              key={group}
              className="place-group"
              current={here?.group === group}
              label={t(`shell.group.${group}`)}
            >
              {(close) => <PlaceLinks places={places} here={here} onGo={close} />}
            </Disclosure>
          ))}
        </div>
      )}
      <div className="place-links">
        <PlaceLinks places={beside} here={here} onGo={props.onGo} />
      </div>
      {props.unfolded ? (
        <div className="place-all">
          {groupsOf(open).map(({ group, places }) => (
            <section key={group} aria-label={t(`shell.group.${group}`)}>
              <h2>{t(`shell.group.${group}`)}</h2>
              <PlaceLinks places={places} here={here} onGo={props.onGo} />
            </section>
          ))}
        </div>
      ) : null}
    </nav>
  );
}

function PlaceLinks(props: {
  readonly places: readonly Place[];
  readonly here: Place | undefined;
  readonly onGo: () => void;
}): ReactNode {
  const { t } = useTranslation();
  return props.places.map((place) => (
    <Link
      key={place.to}
      to={place.to}
      search={place.search ?? {}}
      onClick={props.onGo}
      {...(place === props.here ? { "aria-current": "page" as const } : {})}
    >
      {t(`shell.place.${place.key}`)}
    </Link>
  ));
}
