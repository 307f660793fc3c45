import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FormValues } from "#kernel/form-values";
import { newKey } from "./api.ts";
import { wordFor } from "./i18n.ts";
import { operationsQuery } from "./operations.ts";

/** Choices of fields that only the page knows, by the field's name. */
export type KnownChoices = Readonly<Record<string, readonly { readonly value: string; readonly label: string }[]>>;

/** An operation of the API, and what the page already knows of its form. */
export interface FormProps {
  readonly operation: string;
  /** What stands in the path, such as the record's id. */
  readonly params?: FormValues;
  /** What the fields hold at first. */
  readonly values?: FormValues;
  /** Sent along with the fields, and not asked for. */
  readonly fixed?: FormValues;
  /** Ask only for these fields of the body. */
  readonly only?: readonly string[];
  /** The choices of fields that only the page knows. */
  readonly choices?: KnownChoices;
  /** The area in which the record lies, for the map of a position when the form does not ask for it. */
  readonly areaCode?: string;
  /** What the action does, said before it is done. */
  readonly confirm?: string;
  readonly danger?: boolean;
  readonly done?: (answer: unknown) => void;
}

// Forms bring pickers and inputs that no list needs before somebody presses a button.
const Dialog = lazy(async () => ({ default: (await import("./operation-dialog.tsx")).OperationDialog }));

/** The form of one operation as a dialog; `actionKey` makes a second press the same action. */
export function OperationDialog(
  props: FormProps & { readonly label?: string; readonly actionKey: string; readonly onClose: () => void },
): ReactNode {
  return (
    <Suspense fallback={null}>
      <Dialog {...props} />
    </Suspense>
  );
}

/** A button for one operation of the API, with a form made from the API's own schema; nothing for an account that may not. */
export function OperationButton(props: FormProps & { readonly label?: string; readonly primary?: boolean }): ReactNode {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<string | null>(null);
  const may = useQuery(operationsQuery).data?.items.some(({ id }) => id === props.operation) ?? false;
  if (!may) return null;
  return (
    <>
      <Button
        size="small"
        danger={props.danger ?? false}
        type={props.primary ? "primary" : "default"}
        onClick={() => setOpened(newKey())}
      >
        {props.label ?? wordFor(t, "operation", props.operation)}
      </Button>
      {opened === null ? null : <OperationDialog {...props} actionKey={opened} onClose={() => setOpened(null)} />}
    </>
  );
}
