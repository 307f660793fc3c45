import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input, InputNumber, Select, Switch, Upload, type UploadFile } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FormField } from "#kernel/form";
import type { FieldPath } from "#kernel/form-values";
import { get, withQuery, type Page } from "./api.ts";
import { AreaFilter } from "./area-filter.tsx";
import { useOutbreak } from "./board.ts";
import { wordFor } from "./i18n.ts";
import type { KnownChoices } from "./operation.tsx";
import { choiceOf, pickerOf, type Picker, type PickerRow } from "./pickers.ts";
import { holdPosition, PositionFields } from "./position-fields.tsx";

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface FieldsProps {
  readonly module: string;
  readonly fields: readonly FormField[];
  readonly choices: KnownChoices;
  /** Where the fields stand in the form. */
  readonly path?: FieldPath;
  /** Where they stand inside the nearest list, which names its own part by itself. */
  readonly within?: FieldPath;
}

/** The fields of a form or of a part of it, one below the other. */
export function OperationFields(props: FieldsProps): ReactNode {
  const { fields, path = [] } = props;
  const one = (field: FormField): ReactNode => <OneField key={field.name} {...props} field={field} />;
  if (!holdPosition(fields)) return fields.map(one);
  const isPart = ({ name }: FormField): boolean => name === "lat" || name === "lon";
  return fields.map((field) => {
    if (!isPart(field)) return one(field);
    // The two are asked for together, where the first of them stands.
    if (field !== fields.find(isPart)) return null;
    return (
      <PositionFields key="position" path={path}>
        {fields.filter(isPart).map(one)}
      </PositionFields>
    );
  });
}

function OneField(props: FieldsProps & { readonly field: FormField }): ReactNode {
  const { t } = useTranslation();
  const { field, path = [], within = [] } = props;
  const label = wordFor(t, "field", field.name);
  const name = [...within, field.name];
  if (field.kind === "group")
    return (
      <fieldset className="form-group">
        <legend>{label}</legend>
        <OperationFields {...props} fields={field.fields ?? []} path={[...path, field.name]} within={name} />
      </fieldset>
    );
  if (field.kind === "rows") return <Rows {...props} label={label} name={name} />;
  const asked = field.required && !field.nullable && field.kind !== "switch" && field.kind !== "flags";
  return (
    <Form.Item
      name={name}
      label={label}
      {...(field.kind === "switch" ? { valuePropName: "checked" } : {})}
      {...(field.kind === "files" ? { valuePropName: "value" } : {})}
      rules={asked ? [{ required: true, message: t("action.needed", { label }) }] : []}
    >
      <Control field={field} module={props.module} label={label} known={props.choices[field.name]} />
    </Form.Item>
  );
}

/** A list of small forms: add one, take one away. */
function Rows(
  props: FieldsProps & { readonly field: FormField; readonly label: string; readonly name: FieldPath },
): ReactNode {
  const { t } = useTranslation();
  const { field, label, name, path = [] } = props;
  return (
    <Form.List name={[...name]}>
      {(rows, { add, remove }) => (
        <fieldset className="form-group">
          <legend>{label}</legend>
          {rows.map((row, index) => (
            <div className="form-row" key={row.key}>
              <div className="form-row-head">
                <strong>{t("form.row", { no: index + 1 })}</strong>
                <Button size="small" type="text" onClick={() => remove(row.name)}>
                  {t("form.takeAway")}
                </Button>
              </div>
              <OperationFields
                {...props}
                fields={field.fields ?? []}
                path={[...path, field.name, row.name]}
                within={[row.name]}
              />
            </div>
          ))}
          <Button size="small" disabled={rows.length >= (field.max ?? Infinity)} onClick={() => add({})}>
            {t("form.add")}
          </Button>
        </fieldset>
      )}
    </Form.List>
  );
}

/** What Form.Item hands to the control inside it. */
interface Held {
  readonly id?: string;
  readonly value?: never;
  readonly checked?: never;
  readonly onChange?: (value: unknown) => void;
}

interface ControlProps extends Held {
  readonly field: FormField;
  readonly module: string;
  readonly label: string;
  readonly known: readonly Choice[] | undefined;
}

function Control({ field, module, label, known, ...held }: ControlProps): ReactNode {
  const { t } = useTranslation();
  const several = field.kind === "list" || field.kind === "choices" || field.kind === "flags";
  if (known) return <Choices {...held} choices={known} several={several} optional={!field.required} />;
  const picker = pickerOf(module, field.name);
  if (picker && (field.kind === "text" || field.kind === "list"))
    return <Picked {...held} picker={picker} several={several} optional={!field.required} />;
  const bounds = {
    ...(field.min === undefined ? {} : { min: field.min }),
    ...(field.max === undefined ? {} : { max: field.max }),
  };
  const chars = field.max === undefined ? {} : { maxLength: field.max };
  switch (field.kind) {
    case "choice":
    case "choices": {
      const words = (field.values ?? []).map((value) => ({ value, label: wordFor(t, field.words ?? "", value) }));
      return <Choices {...held} choices={words} several={several} optional={!field.required} />;
    }
    case "list":
    case "flags":
      return <Select {...held} mode="tags" open={false} suffixIcon={null} tokenSeparators={[",", "，", " ", "\n"]} />;
    case "number":
      return <InputNumber {...held} {...bounds} {...(field.whole ? { precision: 0 } : {})} className="action-number" />;
    case "long":
      return <Input.TextArea {...held} {...chars} autoSize={{ minRows: 2, maxRows: 12 }} />;
    case "day":
      return <Input {...held} type="date" />;
    case "moment":
      return <Input {...held} type="datetime-local" />;
    case "area":
      return <Area {...held} label={label} />;
    case "switch":
      return <Switch {...held} />;
    case "files":
      return <Files {...held} most={field.max ?? 1} />;
    default:
      return <Input {...held} {...chars} />;
  }
}

function Choices(
  props: Held & { readonly choices: readonly Choice[]; readonly several: boolean; readonly optional: boolean },
): ReactNode {
  const { choices, several, optional, ...held } = props;
  return (
    <Select
      {...held}
      {...(several ? { mode: "multiple" as const } : {})}
      allowClear={optional}
      showSearch={{ optionFilterProp: "label" }}
      options={[...choices]}
    />
  );
}

const pickedMax = 200;

/** A choice from a list of the API; what stands further down than the first page can be typed. */
function Picked(
  props: Held & { readonly picker: Picker; readonly several: boolean; readonly optional: boolean },
): ReactNode {
  const { picker, several, optional, ...held } = props;
  const [typed, setTyped] = useState("");
  const url = withQuery(picker.url, { limit: pickedMax });
  const list = useQuery({
    queryKey: ["list", url, "picker"],
    queryFn: () => get<Page<PickerRow>>(url),
    staleTime: 60_000,
  });
  const choices = (list.data?.items ?? []).map((row) => choiceOf(picker, row));
  const own = typed === "" || choices.some(({ value }) => value === typed) ? [] : [{ value: typed, label: typed }];
  return (
    <Select
      {...held}
      {...(several ? { mode: "multiple" as const } : {})}
      allowClear={optional}
      loading={list.isFetching}
      showSearch={{ optionFilterProp: "label", onSearch: (text) => setTyped(text.trim()) }}
      options={[...choices, ...own]}
    />
  );
}

function Area(props: Held & { readonly label: string }): ReactNode {
  const outbreak = useOutbreak();
  const several = Array.isArray(props.value);
  return (
    <AreaFilter
      {...(props.id === undefined ? {} : { id: props.id })}
      label={props.label}
      value={several ? "" : (props.value ?? "")}
      cityCode={outbreak?.areaCode ?? ""}
      onChange={(code) => props.onChange?.(code)}
    />
  );
}

/** Reads pictures in the browser; they are sent with the form, not before it. */
function Files(props: Held & { readonly most: number }): ReactNode {
  const { t } = useTranslation();
  const [shown, setShown] = useState<UploadFile[]>([]);
  const take = async (files: UploadFile[]): Promise<void> => {
    setShown(files);
    const read = await Promise.all(
      files.flatMap(({ originFileObj }) => (originFileObj ? [sentFile(originFileObj)] : [])),
    );
    props.onChange?.(read);
  };
  return (
    <Upload
      {...(props.id === undefined ? {} : { id: props.id })}
      accept="image/jpeg,image/png,image/webp"
      multiple={props.most > 1}
      maxCount={props.most}
      fileList={shown}
      beforeUpload={() => false}
      onChange={({ fileList }) => void take(fileList)}
    >
      <Button size="small">{t("form.chooseFiles")}</Button>
    </Upload>
  );
}

async function sentFile(file: File): Promise<object> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return {
    name: file.name,
    contentType: file.type,
    takenAt: new Date(file.lastModified).toISOString(),
    content: btoa(text),
  };
}
