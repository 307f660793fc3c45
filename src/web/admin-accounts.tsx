import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { get } from "./api.ts";
import { AreaPath } from "./area-path.tsx";
import { wordFor } from "./i18n.ts";
import { ListPage } from "./list.tsx";
import { OperationButton } from "./operation.tsx";
import { Moment, ProblemNotice, StateWord, Waiting } from "./parts.tsx";
import { useShowOnce } from "./once.tsx";
import { Popup } from "./popup.tsx";
import { useSession } from "./session.ts";
import { PageTabs } from "./tabs.tsx";
import { Tokens } from "./tokens.tsx";
import type { Column } from "./rows.tsx";

interface Account {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly areaCode: string;
  readonly language: string;
  readonly createdAt: string;
  readonly disabledAt: string | null;
  readonly lastSeenAt: string | null;
  readonly tokens: number;
}

interface Role {
  readonly role: string;
  readonly permissions: readonly string[];
}

function useRoles() {
  return useQuery({
    queryKey: ["roles"],
    queryFn: () => get<{ readonly items: readonly Role[] }>("/api/v1/roles"),
    staleTime: Infinity,
  });
}

/** Who may enter, as what and where; and what each role may do. */
export function AccountsPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "accounts", label: t("admin.accounts.title"), render: () => <AccountList /> },
        { key: "roles", label: t("admin.roles.title"), render: () => <RoleTable /> },
      ]}
    />
  );
}

function AccountList(): ReactNode {
  const { t } = useTranslation();
  const roles = useRoles().data?.items ?? [];
  const { show: showOnce, dialog } = useShowOnce();
  const choices = { roles: roles.map(({ role }) => ({ value: role, label: wordFor(t, "enums.role", role) })) };
  const columns: Column<Account>[] = [
    { title: t("field.login"), dataIndex: "login", sortBy: "login", key: "login", fixed: "left" },
    { title: t("field.name"), dataIndex: "name", sortBy: "name", key: "name" },
    {
      title: t("field.roles"),
      key: "roles",
      render: (_, row) => row.roles.map((role) => wordFor(t, "enums.role", role)).join(" · "),
    },
    {
      title: t("common.area"),
      key: "area",
      render: (_, row) => (row.areaCode === "" ? t("shell.everywhere") : <AreaPath code={row.areaCode} />),
    },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => (
        <StateWord group="admin.values.state" value={row.disabledAt === null ? "active" : "blocked"} />
      ),
    },
    {
      title: t("admin.accounts.lastSeen"),
      sortBy: "seen",
      key: "seen",
      render: (_, row) => <Moment at={row.lastSeenAt} />,
    },
    { title: t("admin.accounts.tokens"), key: "tokens", align: "right", render: (_, row) => <TokensOf row={row} /> },
    {
      title: "",
      key: "act",
      render: (_, row) => <AccountActions row={row} choices={choices} showOnce={showOnce} />,
    },
  ];
  return (
    <>
      {dialog}
      <ListPage<Account>
        title={t("admin.accounts.title")}
        intro={t("admin.accounts.intro")}
        path="/api/v1/accounts"
        usual="login"
        topics={["accounts"]}
        columns={columns}
        rowKey="id"
        states={{ group: "admin.values.state", values: ["active", "blocked"] }}
        filter={{ name: "role", label: t("field.roles"), group: "enums.role", values: roles.map(({ role }) => role) }}
        empty={t("admin.accounts.empty")}
        actions={
          <OperationButton
            operation="addAccount"
            choices={choices}
            values={{ language: "zh-CN" }}
            done={showOnce(t("admin.accounts.added"))}
            primary
          />
        }
      />
    </>
  );
}

/** How many tokens of an account hold; behind it each of them, and a way to end it or to make another. */
function TokensOf({ row }: { readonly row: Account }): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const mayWrite = useSession()?.permissions.includes("accounts.account.write") === true;
  return (
    <>
      <button type="button" className="link" onClick={() => setOpen(true)}>
        {row.tokens} <span className="sr-only">{t("tokens.of", { name: row.login })}</span>
      </button>
      {open ? (
        <Popup wide title={t("tokens.of", { name: row.login })} onClose={() => setOpen(false)}>
          <Tokens
            url={`/api/v1/accounts/${row.id}/tokens`}
            makeUrl={`/api/v1/accounts/${row.id}/token`}
            endUrl={(id) => `/api/v1/accounts/${row.id}/tokens/${id}/end`}
            mayWrite={mayWrite && row.disabledAt === null}
          />
        </Popup>
      ) : null}
    </>
  );
}

function AccountActions(props: {
  readonly row: Account;
  readonly choices: Readonly<Record<string, readonly { readonly value: string; readonly label: string }[]>>;
  readonly showOnce: (title: string) => (answer: unknown) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { row, choices, showOnce } = props;
  const params = { id: row.id };
  const { name, roles, areaCode, language } = row;
  return (
    <span className="row-actions">
      <OperationButton
        operation="changeAccount"
        params={params}
        values={{ name, roles, areaCode, language }}
        choices={choices}
      />
      <OperationButton
        operation="resetAccountPassword"
        params={params}
        confirm={t("admin.accounts.resetConfirm")}
        done={showOnce(t("admin.accounts.reset"))}
      />
      {row.disabledAt === null ? (
        <OperationButton operation="blockAccount" params={params} confirm={t("admin.accounts.blockConfirm")} danger />
      ) : (
        <OperationButton operation="unblockAccount" params={params} confirm={t("admin.accounts.unblockConfirm")} />
      )}
    </span>
  );
}

function RoleTable(): ReactNode {
  const { t } = useTranslation();
  const found = useRoles();
  return (
    <div className="page">
      <h1>{t("admin.roles.title")}</h1>
      <p className="page-intro">{t("admin.roles.intro")}</p>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={10} /> : null}
      {(found.data?.items ?? []).map(({ role, permissions }) => (
        <details key={role} className="fold">
          <summary>
            {wordFor(t, "enums.role", role)} · {t("admin.roles.count", { count: permissions.length })}
          </summary>
          <p className="permission-list">
            {permissions.map((permission) => (
              <code key={permission}>{permission}</code>
            ))}
          </p>
        </details>
      ))}
    </div>
  );
}
