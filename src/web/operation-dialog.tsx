import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Form, Input, Modal } from "antd";
import { useMemo, useState, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import type { FormField } from "#kernel/form";
import { fieldPath, pathOf, sentBody, shownForm, type FormValues } from "#kernel/form-values";
import { get, post, Problem, type WriteMethod } from "./api.ts";
import { useTimeZone } from "./board.ts";
import { wordFor } from "./i18n.ts";
import type { OperationRow } from "./operations.ts";
import { OperationFields } from "./operation-fields.tsx";
import type { FormProps } from "./operation.tsx";
import { ProblemNotice, Waiting } from "./parts.tsx";
import { PositionForm } from "./position-fields.tsx";
import { refreshLists } from "./refresh.ts";
import { say } from "./say.tsx";
import { discardAsked, useUnsavedGuard } from "./unsaved.ts";

interface OperationForm extends OperationRow {
  readonly params: readonly FormField[];
  readonly fields: readonly FormField[];
}

/** The form of one operation, made from the API's own schema, fetched with its fields. */
export function OperationDialog(
  props: FormProps & { readonly label?: string; readonly actionKey: string; readonly onClose: () => void },
): ReactNode {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ["operation", props.operation],
    queryFn: () => get<OperationForm>(`/api/v1/operations/${encodeURIComponent(props.operation)}`),
    staleTime: Infinity,
  });
  if (found.data) return <Filled {...props} form={found.data} />;
  return (
    <Modal open title={wordFor(t, "operation", props.operation)} footer={null} onCancel={props.onClose}>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : <Waiting rows={4} />}
    </Modal>
  );
}

/** The server's faults at the fields they name; its schema speaks English, so its own words are said in ours. */
function faultsIn(error: Error, notValid: string): { name: (string | number)[]; errors: string[] }[] {
  if (!(error instanceof Problem)) return [];
  return [...new Set(error.fields.map(({ pointer }) => pointer))].map((pointer) => {
    const texts = error.fields
      .filter((fault) => fault.pointer === pointer)
      .map(({ detail }) => (/^must |^not valid$/.test(detail) ? notValid : detail));
    return { name: [...fieldPath(pointer)], errors: [...new Set(texts)] };
  });
}

const reasonCharsMax = 200;

function Filled(
  props: FormProps & {
    readonly label?: string;
    readonly form: OperationForm;
    readonly actionKey: string;
    readonly onClose: () => void;
  },
): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const timeZone = useTimeZone();
  const [held] = Form.useForm<FormValues>();
  const { form, params = {}, fixed = {}, only } = props;
  const asked = form.fields.filter(({ name }) => !(name in fixed) && (only?.includes(name) ?? true));
  const askedParams = form.params.filter(({ name }) => !(name in params));
  const title = wordFor(t, "operation", props.operation);
  const [purpose, setPurpose] = useState<string | null>(null);
  const [dirty, setDirty] = useState(false);
  useUnsavedGuard(dirty);
  const { areaCode = "" } = props;
  const place = useMemo(() => ({ area: areaCode, onTouched: () => setDirty(true) }), [areaCode]);
  const sending = useMutation({
    mutationFn: (values: FormValues) =>
      post<unknown>(
        pathOf(form.url, { ...values, ...params }),
        { ...sentBody(asked, values, timeZone), ...fixed },
        {
          key: props.actionKey,
          method: form.method as WriteMethod,
          ...(purpose === null || purpose === "" ? {} : { reason: purpose }),
        },
      ),
    onSuccess: async (answer) => {
      // What follows may lead to another page, which nothing unsaved must hold up any more.
      flushSync(() => setDirty(false));
      say(t("action.done", { title }));
      props.onClose();
      props.done?.(answer);
      await refreshLists(client);
    },
    onError: (error) => {
      if (error instanceof Problem && error.code === "auth.reasonRequired") setPurpose((before) => before ?? "");
      held.setFields(faultsIn(error, t("action.notValid")));
    },
  });
  // What was typed is not lost by a slip: leaving asks once.
  const leave = (): void => {
    if (!held.isFieldsTouched()) return props.onClose();
    void discardAsked(t).then((go) => (go ? props.onClose() : undefined));
  };
  return (
    <Modal
      open
      title={title}
      okText={props.label ?? title}
      cancelText={t("action.cancel")}
      okButtonProps={{ danger: props.danger ?? false, loading: sending.isPending }}
      mask={{ closable: false }}
      onCancel={leave}
      onOk={() => held.submit()}
    >
      {props.confirm ? <p className="action-confirm">{props.confirm}</p> : null}
      {asked.length + askedParams.length === 0 && !props.confirm ? <p>{t("form.nothing")}</p> : null}
      <Form<FormValues>
        form={held}
        layout="vertical"
        scrollToFirstError
        initialValues={shownForm([...askedParams, ...asked], props.values ?? {}, timeZone)}
        onValuesChange={() => setDirty(true)}
        onFinish={(values) => sending.mutate(values)}
      >
        <PositionForm.Provider value={place}>
          <OperationFields module={form.module} fields={[...askedParams, ...asked]} choices={props.choices ?? {}} />
        </PositionForm.Provider>
        {purpose === null ? null : (
          <Form.Item label={t("common.purpose.label")} extra={t("common.purpose.why")}>
            <Input
              maxLength={reasonCharsMax}
              value={purpose}
              onChange={(event) => setPurpose(event.target.value)}
              aria-label={t("common.purpose.label")}
            />
          </Form.Item>
        )}
        {sending.error ? <ProblemNotice error={sending.error} /> : null}
      </Form>
    </Modal>
  );
}
