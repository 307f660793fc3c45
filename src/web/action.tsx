import { Button } from "antd";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { newKey, type WriteMethod } from "./api.ts";

/** One field of an action's form; its name is its name in what is sent, `title.en` the `en` of a `title`. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly kind: "text" | "long" | "number" | "choice" | "day" | "moment" | "area" | "switch";
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  readonly required?: boolean;
  /** The least number. */
  readonly min?: number;
  /** The largest number, or the most characters of a text. */
  readonly max?: number;
  readonly help?: string;
}

/** What the fields hold, by their names. */
export type Values = Readonly<Record<string, unknown>>;

/** An action with a form of its own. */
export interface ActionProps {
  readonly label: string;
  readonly title: string;
  readonly url: string;
  readonly method?: WriteMethod;
  readonly fields?: readonly Field[];
  /** What the fields hold at first; a moment as an instant. */
  readonly values?: Values;
  /** Sent along with the fields. */
  readonly fixed?: Values;
  readonly danger?: boolean;
  /** What the action does, said before it is done. */
  readonly confirm?: string;
  readonly done?: (answer: unknown) => void;
}

// Inputs are fetched when somebody wants to enter something.
const ActionForm = lazy(async () => ({ default: (await import("./action-form.tsx")).ActionForm }));

/** A button that opens the form of one action, sends it once, and shows what the server answers. */
export function ActionButton(props: ActionProps): ReactNode {
  const [opened, setOpened] = useState<string | null>(null);
  return (
    <>
      <Button size="small" danger={props.danger ?? false} onClick={() => setOpened(newKey())}>
        {props.label}
      </Button>
      {opened === null ? null : (
        <Suspense fallback={null}>
          <ActionForm {...props} actionKey={opened} onClose={() => setOpened(null)} />
        </Suspense>
      )}
    </>
  );
}
