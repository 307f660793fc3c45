import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useId, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { AreaPath } from "./area-path.tsx";
import { Dialog } from "./dialog.tsx";
import { PersonSearch } from "./palette-person.tsx";
import { choicesFor, foundQuery, keepRecent, optionsIn, type Choice } from "./palette-choices.ts";
import { operationsQuery } from "./operations.ts";
import { useSession } from "./session.ts";
import "./styles/palette.css";

/** Nobody types a whole word in less. */
const pauseMs = 200;

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(text), pauseMs);
    return () => window.clearTimeout(timer);
  }, [text]);
  return settled;
}

/** One search over pages, records and everything the account may do; a person only by a whole number, for a purpose. */
export function Palette(props: { readonly onClose: () => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const go = useNavigate();
  const session = useSession();
  const list = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [person, setPerson] = useState(false);
  const settled = useSettled(text.trim());
  const operations = useQuery(operationsQuery).data?.items ?? [];
  const found = useQuery({ ...foundQuery(t, settled, i18n.language), enabled: settled !== "" });
  if (!session) return null;
  const groups = choicesFor(t, {
    text: text.trim(),
    session,
    operations,
    found: settled === text.trim() ? found.data : undefined,
  });
  const options = optionsIn(groups);
  const active = options[Math.min(at, options.length - 1)];
  const choose = (choice: Choice | undefined): void => {
    if (!choice) return;
    if (choice.to === null) {
      setPerson(true);
      return;
    }
    keepRecent(choice);
    props.onClose();
    void go(choice.to);
  };
  const onKey = (event: React.KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const by = steps[event.key];
    if (by !== undefined && options.length > 0) {
      event.preventDefault();
      setAt((before) => (Math.min(before, options.length - 1) + by + options.length) % options.length);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      choose(active);
    }
  };
  if (person)
    return (
      <Dialog name={t("palette.person.title")} className="dialog-palette" onClose={props.onClose}>
        <PersonSearch first={text.trim()} onDone={props.onClose} />
      </Dialog>
    );
  return (
    <Dialog name={t("palette.title")} className="dialog-palette" onClose={props.onClose}>
      <input
        className="palette-input"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={list}
        aria-label={t("palette.title")}
        placeholder={t("palette.hint")}
        autoComplete="off"
        {...(active ? { "aria-activedescendant": `${list}-${active.key}` } : {})}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <div id={list} role="listbox" className="palette-list" aria-label={t("palette.results")}>
        {groups.map((group) => (
          <div key={group.name} role="group" aria-label={t(`palette.group.${group.name}`)}>
            <p aria-hidden="true">{t(`palette.group.${group.name}`)}</p>
            {group.choices.map((choice) => (
              <Option
                key={choice.key}
                id={`${list}-${choice.key}`}
                choice={choice}
                selected={choice === active}
                onChoose={() => choose(choice)}
                onPoint={() => setAt(options.indexOf(choice))}
              />
            ))}
          </div>
        ))}
      </div>
      <p className="palette-foot muted" role="status">
        {found.isFetching ? t("common.loading") : options.length === 0 ? t("palette.none") : t("palette.keys")}
      </p>
    </Dialog>
  );
}

function Option(props: {
  readonly id: string;
  readonly choice: Choice;
  readonly selected: boolean;
  readonly onChoose: () => void;
  readonly onPoint: () => void;
}): ReactNode {
  const { choice, selected } = props;
  useEffect(() => {
    if (selected) document.getElementById(props.id)?.scrollIntoView({ block: "nearest" });
  }, [selected, props.id]);
  return (
    // The input keeps the focus and its keys choose; the pointer is the second way.
    <div id={props.id} role="option" aria-selected={selected} onPointerMove={props.onPoint} onClick={props.onChoose}>
      <span>{choice.label}</span>
      <span className="muted">
        {choice.detail}
        {choice.areaCode === "" ? null : (
          <>
            {choice.detail === "" ? "" : " · "}
            <AreaPath code={choice.areaCode} />
          </>
        )}
      </span>
    </div>
  );
}
