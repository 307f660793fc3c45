import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, InputNumber, Modal, Select, Switch } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { instantAt } from "#kernel/time";
import { newKey, post, Problem, type WriteMethod } from "./api.ts";
import { AreaFilter } from "./area-filter.tsx";
import { useOutbreak, useTimeZone } from "./board.ts";
import { ProblemNotice } from "./parts.tsx";
import { refreshLists } from "./refresh.ts";
import { wallTime } from "./time.ts";

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

type Values = Readonly<Record<string, unknown>>;

interface ActionProps {
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

/** A button that opens the form of one action, sends it once, and shows what the server answers. */
export function ActionButton(props: ActionProps): ReactNode {
  const [opened, setOpened] = useState<string | null>(null);
  return (
    <>
      <Button size="small" danger={props.danger ?? false} onClick={() => setOpened(newKey())}>
        {props.label}
      </Button>
      {opened === null ? null : <ActionForm {...props} actionKey={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

function ActionForm(props: ActionProps & { readonly actionKey: string; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const timeZone = useTimeZone();
  const [form] = Form.useForm<Values>();
  const { fields = [] } = props;
  const sending = useMutation({
    mutationFn: (values: Values) =>
      post<unknown>(
        props.url,
        { ...bodyOf(fields, values, timeZone), ...props.fixed },
        { key: props.actionKey, ...(props.method ? { method: props.method } : {}) },
      ),
    onSuccess: async (answer) => {
      void message.success(t("action.done", { title: props.title }));
      props.onClose();
      props.done?.(answer);
      await refreshLists(client);
    },
    onError: (error) => form.setFields(faultsAt(fields, error, t("action.notValid"))),
  });
  return (
    <Modal
      open
      title={props.title}
      okText={props.label}
      cancelText={t("action.cancel")}
      okButtonProps={{ danger: props.danger ?? false, loading: sending.isPending }}
      mask={{ closable: false }}
      onCancel={props.onClose}
      onOk={() => form.submit()}
    >
      {props.confirm ? <p className="action-confirm">{props.confirm}</p> : null}
      <Form<Values>
        form={form}
        layout="vertical"
        scrollToFirstError
        initialValues={shownValues(fields, props.values ?? {}, timeZone)}
        onFinish={(values) => sending.mutate(values)}
      >
        {fields.map((field) => (
          <FieldItem key={field.name} field={field} />
        ))}
        {sending.error ? <ProblemNotice error={sending.error} /> : null}
      </Form>
    </Modal>
  );
}

function FieldItem({ field }: { readonly field: Field }): ReactNode {
  const { t } = useTranslation();
  const needed = t("action.needed", { label: field.label });
  return (
    <Form.Item
      name={field.name}
      label={field.label}
      {...(field.help ? { extra: field.help } : {})}
      {...(field.kind === "switch" ? { valuePropName: "checked" } : {})}
      rules={field.required && field.kind !== "switch" ? [{ required: true, message: needed }] : []}
    >
      <Control field={field} />
    </Form.Item>
  );
}

/** What Form.Item hands to the control inside it. */
interface Held {
  readonly id?: string;
  readonly value?: never;
  readonly checked?: never;
  readonly onChange?: (value: unknown) => void;
}

function Control({ field, ...held }: Held & { readonly field: Field }): ReactNode {
  const { kind, min, max } = field;
  switch (kind) {
    case "text":
      return <Input {...held} {...(max === undefined ? {} : { maxLength: max })} />;
    case "long":
      return <Input.TextArea {...held} rows={4} {...(max === undefined ? {} : { maxLength: max, showCount: true })} />;
    case "number":
      return (
        <InputNumber
          {...held}
          className="action-number"
          {...(min === undefined ? {} : { min })}
          {...(max === undefined ? {} : { max })}
        />
      );
    case "choice":
      return <Select {...held} allowClear={!field.required} options={[...(field.choices ?? [])]} />;
    case "day":
      return <Input {...held} type="date" />;
    case "moment":
      return <Input {...held} type="datetime-local" />;
    case "area":
      return <AreaControl {...held} label={field.label} />;
    default:
      return <Switch {...held} />;
  }
}

function AreaControl(props: Held & { readonly label: string }): ReactNode {
  const outbreak = useOutbreak();
  return (
    <AreaFilter
      {...(props.id === undefined ? {} : { id: props.id })}
      label={props.label}
      value={props.value ?? ""}
      cityCode={outbreak?.areaCode ?? ""}
      onChange={(code) => props.onChange?.(code)}
    />
  );
}

/** A moment is typed on the outbreak's wall clock and sent as an instant. */
function shownValues(fields: readonly Field[], values: Values, timeZone: string): Values {
  const moments = new Set(fields.filter(({ kind }) => kind === "moment").map(({ name }) => name));
  const shown = Object.entries(values).map(([name, value]): [string, unknown] => {
    if (!moments.has(name) || typeof value !== "string") return [name, value];
    const wall = wallTime(value, timeZone);
    return [name, `${wall.day}T${wall.time}`];
  });
  return Object.fromEntries(shown);
}

function bodyOf(fields: readonly Field[], values: Values, timeZone: string): Values {
  const body: Record<string, unknown> = {};
  for (const { name, kind } of fields) {
    const value = values[name];
    const text = typeof value === "string" ? value.trim() : value;
    if (kind === "switch") put(body, name, text === true);
    else if (kind === "moment" && typeof text === "string" && text !== "")
      put(body, name, instantAt(text.slice(0, 10), text.slice(11, 16), timeZone));
    else if (text !== undefined && text !== null && text !== "") put(body, name, text);
  }
  return body;
}

/** Puts a value where its name says. */
function put(body: Record<string, unknown>, name: string, value: unknown): void {
  const [first = "", ...rest] = name.split(".");
  if (rest.length === 0) body[first] = value;
  else put((body[first] ??= {}) as Record<string, unknown>, rest.join("."), value);
}

/** The server's faults at the fields they name; its schema speaks English, so its own words are said in ours. */
function faultsAt(fields: readonly Field[], error: Error, notValid: string): { name: string; errors: string[] }[] {
  if (!(error instanceof Problem)) return [];
  return fields.flatMap(({ name }) => {
    const own = error.fields.filter(({ pointer }) => pointer.slice(1).replaceAll("/", ".") === name);
    const texts = own.map(({ detail }) => (/^must |^not valid$/.test(detail) ? notValid : detail));
    return texts.length > 0 ? [{ name, errors: [...new Set(texts)] }] : [];
  });
}
