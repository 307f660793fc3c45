import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Form, Input, InputNumber, Modal, Select, Switch } from "antd";
import { useState, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { instantAt } from "#kernel/time";
import type { ActionProps, Field, Values } from "./action.tsx";
import { post, Problem } from "./api.ts";
import { AreaFilter } from "./area-filter.tsx";
import { useOutbreak, useTimeZone } from "./board.ts";
import { ProblemNotice } from "./parts.tsx";
import { refreshLists } from "./refresh.ts";
import { say } from "./say.tsx";
import { wallTime } from "./time.ts";
import { discardAsked, useUnsavedGuard } from "./unsaved.ts";

/** The form of one action: sent once, its faults shown at their fields, left only after a question. */
export function ActionForm(
  props: ActionProps & { readonly actionKey: string; readonly onClose: () => void },
): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const timeZone = useTimeZone();
  const [form] = Form.useForm<Values>();
  const [dirty, setDirty] = useState(false);
  useUnsavedGuard(dirty);
  const { fields = [] } = props;
  const sending = useMutation({
    mutationFn: (values: Values) =>
      post<unknown>(
        props.url,
        { ...bodyOf(fields, values, timeZone), ...props.fixed },
        { key: props.actionKey, ...(props.method ? { method: props.method } : {}) },
      ),
    onSuccess: async (answer) => {
      // What follows may lead to another page, which nothing unsaved must hold up any more.
      flushSync(() => setDirty(false));
      say(t("action.done", { title: props.title }));
      props.onClose();
      props.done?.(answer);
      await refreshLists(client);
    },
    onError: (error) => form.setFields(faultsAt(fields, error, t("action.notValid"))),
  });
  // What was typed is not lost by a slip: leaving asks once.
  const leave = async (): Promise<void> => {
    if (!dirty || (await discardAsked(t))) props.onClose();
  };
  return (
    <Modal
      open
      title={props.title}
      okText={props.label}
      cancelText={t("action.cancel")}
      okButtonProps={{ danger: props.danger ?? false, loading: sending.isPending }}
      mask={{ closable: false }}
      onCancel={() => void leave()}
      onOk={() => form.submit()}
    >
      {props.confirm ? <p className="action-confirm">{props.confirm}</p> : null}
      <Form<Values>
        form={form}
        layout="vertical"
        scrollToFirstError
        initialValues={shownValues(fields, props.values ?? {}, timeZone)}
        onValuesChange={() => setDirty(true)}
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
