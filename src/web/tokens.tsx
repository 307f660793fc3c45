import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { get, newKey, post } from "./api.ts";
import { ask } from "./ask.ts";
import { Moment, ProblemNotice, StateWord, Waiting } from "./parts.tsx";
import { Rows, type Column } from "./rows.tsx";
import { useUnsavedGuard } from "./unsaved.ts";

interface Token {
  readonly id: string;
  readonly label: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string;
  readonly state: string;
}

const daysChoices = [7, 30, 90, 366] as const;
const daysUsual = 90;
const labelCharsMax = 100;

/**
 * The API tokens of an account: what each is for, when it was made, last used and when it ends. A new one is shown once.
 * `url` is where they are listed, `makeUrl` where they are made.
 */
export function Tokens(props: {
  readonly url: string;
  readonly makeUrl: string;
  readonly endUrl: (id: string) => string;
  readonly mayWrite: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { url } = props;
  const found = useQuery({
    queryKey: ["tokens", url],
    queryFn: () => get<{ readonly items: readonly Token[] }>(url),
  });
  const again = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: ["tokens", url] });
    await client.invalidateQueries({ queryKey: ["list"] });
  };
  const ending = useMutation({
    mutationFn: (id: string) => post(props.endUrl(id), {}, { key: newKey() }),
    onSuccess: again,
  });
  const end = async (token: Token): Promise<void> => {
    const go = await ask({
      title: t("tokens.endAsk", { label: token.label }),
      text: t("tokens.endEffect"),
      go: t("tokens.end"),
      stay: t("action.cancel"),
      main: "stay",
      danger: true,
    });
    if (go) ending.mutate(token.id);
  };
  const columns: Column<Token>[] = [
    { title: t("tokens.label"), key: "label", className: "wrap", render: (_, row) => row.label },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="admin.values.tokenState" value={row.state} />,
    },
    { title: t("tokens.lastUsed"), key: "used", render: (_, row) => <Moment at={row.lastUsedAt} /> },
    { title: t("tokens.expires"), key: "expires", render: (_, row) => <Moment at={row.expiresAt} long /> },
    { title: t("tokens.made"), key: "made", render: (_, row) => <Moment at={row.createdAt} long /> },
    {
      key: "act",
      render: (_, row) =>
        props.mayWrite && row.state === "active" ? (
          <button type="button" className="plain-button" disabled={ending.isPending} onClick={() => void end(row)}>
            {t("tokens.end")}
          </button>
        ) : null,
    },
  ];
  const error = found.error ?? ending.error;
  return (
    <>
      <p className="muted">{t("tokens.intro")}</p>
      {error ? <ProblemNotice error={error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={3} /> : null}
      {found.data ? (
        <Rows<Token> columns={columns} rows={found.data.items} rowKey="id" pageSize={10} empty={t("tokens.empty")} />
      ) : null}
      {props.mayWrite ? <MakeToken url={props.makeUrl} onMade={again} /> : null}
    </>
  );
}

function MakeToken(props: { readonly url: string; readonly onMade: () => Promise<void> }): ReactNode {
  const { t } = useTranslation();
  const [label, setLabel] = useState("");
  const [days, setDays] = useState<number>(daysUsual);
  const making = useMutation({
    mutationFn: () => post<{ readonly token: string }>(props.url, { label: label.trim(), days }, { key: newKey() }),
    onSuccess: async () => {
      setLabel("");
      await props.onMade();
    },
  });
  // A token that was not copied is lost when the dialog is left.
  useUnsavedGuard(label !== "");
  return (
    <form
      className="plain-form token-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (label.trim() !== "") making.mutate();
      }}
    >
      <h3>{t("tokens.make")}</h3>
      <label>
        <span>{t("tokens.labelFor")}</span>
        <input
          required
          maxLength={labelCharsMax}
          value={label}
          onChange={({ target }) => {
            making.reset();
            setLabel(target.value);
          }}
        />
      </label>
      <label>
        <span>{t("tokens.holds")}</span>
        <select className="plain-input" value={days} onChange={({ target }) => setDays(Number(target.value))}>
          {daysChoices.map((count) => (
            <option key={count} value={count}>
              {t("tokens.days", { count })}
            </option>
          ))}
        </select>
      </label>
      {making.error ? <ProblemNotice error={making.error} /> : null}
      {making.data ? (
        <div className="token-shown" role="status">
          <p>{t("admin.accounts.once")}</p>
          <code>{making.data.token}</code>
        </div>
      ) : null}
      <div className="dialog-actions">
        <button type="submit" className="plain-button plain-main" disabled={making.isPending}>
          {t("tokens.make")}
        </button>
      </div>
    </form>
  );
}
