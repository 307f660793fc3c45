import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ChainNode, Chains, ContactRow } from "#domain/tracing";
import { wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { Moment, Panel, StateWord } from "#webx/parts";
import { nameOf, venueName } from "./chain-marks.ts";

/** What the marks mean; shown while nothing is chosen. */
export function Legend(): ReactNode {
  const { t } = useTranslation();
  return (
    <Panel title={t("chains.legend")}>
      <ul className="chain-legend">
        {(["confirmed", "asymptomatic", "suspect", "other"] as const).map((kind) => (
          <li key={kind}>
            <span className={`chain-mark chain-${kind}`} aria-hidden="true" />
            {kind === "other" ? t("chains.other") : wordFor(t, "enums.caseState", kind)}
          </li>
        ))}
        <li>
          <span className="chain-mark chain-group" aria-hidden="true" />
          {t("chains.groupMark")}
        </li>
      </ul>
      <p className="muted">{t("chains.choose")}</p>
    </Panel>
  );
}

/** Where a case was infected, as far as the books say. */
export function Where(props: { readonly node: ChainNode; readonly chains: Chains }): ReactNode {
  const { t } = useTranslation();
  const { venue, setting } = props.node;
  if (setting === null) return <span className="muted">{t("chains.where.unknown")}</span>;
  const kind = wordFor(t, "enums.setting", setting);
  return <>{venue === null ? kind : `${venueName(t, props.chains, venue)} · ${kind}`}</>;
}

/** One case, its place in the chain and the ways to go on. */
export function Chosen(props: {
  readonly node: ChainNode;
  readonly chains: Chains;
  readonly contacts: readonly ContactRow[];
  /** Draws the group it was opened from together again; absent where it belongs to none. */
  readonly onFold: (() => void) | null;
}): ReactNode {
  const { t } = useTranslation();
  const { node, chains, contacts, onFold } = props;
  const infected = chains.edges.filter(({ from }) => from === node.id).length;
  const cluster = chains.clusters.find(({ id }) => id === node.cluster);
  return (
    <Panel title={nameOf(node)} side={<StateWord group="enums.caseState" value={node.state} />}>
      <Facts
        rows={[
          [t("common.area"), <AreaPath key="a" code={node.areaCode} />],
          [t("chains.onset"), <Moment key="o" at={node.onsetAt} long />],
          [t("chains.positive"), <Moment key="p" at={node.positiveAt} long />],
          [t("chains.where.title"), <Where key="w" node={node} chains={chains} />],
          [t("chains.generation"), numberText(node.generation)],
          [t("chains.infected"), numberText(infected)],
          [t("chains.cluster"), numberText(cluster?.size ?? 1)],
          [t("chains.provenance"), wordFor(t, "enums.provenance", node.provenance)],
        ]}
      />
      <p>
        <Link to="/cases/$id" params={{ id: node.id }}>
          {t("chains.openCase")}
        </Link>
      </p>
      <p>
        <Link to="/contacts" search={{ caseId: node.id }}>
          {t("chains.contacts", { count: contacts.length })}
        </Link>
      </p>
      {onFold ? (
        <Button size="small" onClick={onFold}>
          {t("chains.group.fold")}
        </Button>
      ) : null}
    </Panel>
  );
}

const membersMax = 60;

/** Several cases drawn as one: who they are, and a way to see each by itself. */
export function ChosenGroup(props: {
  readonly title: string;
  readonly members: readonly ChainNode[];
  readonly onOpen: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { title, members, onOpen } = props;
  const days = members.map((node) => node.onsetAt ?? node.positiveAt).toSorted();
  return (
    <Panel title={title}>
      <Facts
        rows={[
          [t("chains.group.cases"), numberText(members.length)],
          [t("chains.group.first"), <Moment key="f" at={days[0] ?? null} long />],
          [t("chains.group.last"), <Moment key="l" at={days.at(-1) ?? null} long />],
        ]}
      />
      <p>
        <Button size="small" type="primary" onClick={onOpen}>
          {t("chains.group.open")}
        </Button>
      </p>
      <ul className="chain-members" aria-label={t("chains.group.members")}>
        {members.slice(0, membersMax).map((node) => (
          <li key={node.id}>
            <Link to="/cases/$id" params={{ id: node.id }}>
              {nameOf(node)}
            </Link>{" "}
            <Moment at={node.onsetAt ?? node.positiveAt} />
          </li>
        ))}
      </ul>
      {members.length > membersMax ? (
        <p className="muted">{t("chains.group.more", { count: members.length - membersMax })}</p>
      ) : null}
    </Panel>
  );
}
