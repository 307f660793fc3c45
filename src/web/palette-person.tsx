import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FoundPerson } from "#domain/desk";
import { post } from "./api.ts";
import { AreaPath } from "./area-path.tsx";
import { ProblemNotice } from "./parts.tsx";

const reasonCharsMin = 4;

/** Finds a person by a whole identity number or phone; number and purpose travel in no address. */
export function PersonSearch(props: { readonly first: string; readonly onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const [key, setKey] = useState(props.first);
  const [reason, setReason] = useState("");
  const asked = useMutation({
    mutationFn: () =>
      post<{ readonly items: readonly FoundPerson[] }>(
        "/api/v1/desk/person",
        { key: key.trim() },
        { reason: reason.trim() },
      ),
  });
  return (
    <>
      <h2>{t("palette.person.title")}</h2>
      <p className="muted">{t("palette.person.text")}</p>
      <form
        className="plain-form"
        onSubmit={(event) => {
          event.preventDefault();
          asked.mutate();
        }}
      >
        <label>
          <span>{t("palette.person.key")}</span>
          <input
            required
            minLength={5}
            maxLength={40}
            autoComplete="off"
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
        </label>
        <label>
          <span>{t("common.purpose.label")}</span>
          <input
            required
            minLength={reasonCharsMin}
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        {asked.error ? <ProblemNotice error={asked.error} /> : null}
        <div className="dialog-actions">
          <button type="submit" className="plain-button plain-main" disabled={asked.isPending}>
            {t("palette.person.find")}
          </button>
        </div>
      </form>
      <div role="status">
        {asked.data?.items.length === 0 ? <p>{t("palette.person.nobody")}</p> : null}
        <ul className="notices">
          {asked.data?.items.map((person) => (
            <PersonRow key={person.id} person={person} onDone={props.onDone} />
          ))}
        </ul>
      </div>
    </>
  );
}

function PersonRow(props: { readonly person: FoundPerson; readonly onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const { person } = props;
  const pages = [
    ...person.caseIds.map((id) => ({ id, to: "/cases/$id", text: t("palette.kind.case") })),
    ...person.contactIds.map((id) => ({ id, to: "/contacts/$id", text: t("palette.person.contact") })),
  ];
  return (
    <li>
      <p>
        <b>{person.name}</b>{" "}
        <span className="muted">
          <AreaPath code={person.areaCode} />
        </span>
      </p>
      <p>
        {pages.length === 0 ? t("palette.person.noRecord") : null}
        {pages.map(({ id, to, text }) => (
          <Link key={id} to={to} params={{ id }} onClick={props.onDone} className="person-link">
            {text}
          </Link>
        ))}
      </p>
    </li>
  );
}
