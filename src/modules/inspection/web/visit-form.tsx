import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Form, Input, Modal, Radio, Select } from "antd";
import { useState, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { instantAt } from "#kernel/time";
import { answerWords, type Checklist, type InspectionTeam, type Place } from "#domain/inspection";
import { get, post, type Page } from "#web/api";
import { useTimeZone } from "#web/board";
import { currentLanguage, wordFor } from "#web/i18n";
import { useNowMs } from "#web/live";
import { refreshLists } from "#web/refresh";
import { wallTime } from "#web/time";
import { discardAsked, useUnsavedGuard } from "#web/unsaved";
import { areaLabel } from "#webx/area-filter";
import { ProblemNotice, Waiting } from "#webx/parts";
import { say } from "#webx/say";

const choicesMax = 200;

interface Filled {
  readonly teamCode: string;
  readonly placeId: string;
  readonly at: string;
  readonly answers: Readonly<Record<string, { readonly answer?: string; readonly note?: string }>>;
}

function useList<T>(path: string) {
  const url = `${path}?limit=${choicesMax}`;
  return useQuery({ queryKey: ["list", url, "picker"], queryFn: () => get<Page<T>>(url), staleTime: 60_000 });
}

/** The form of one visit: team, place, time, and an answer for each item of the list that the place's kind has. */
export function VisitForm(props: { readonly actionKey: string; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const timeZone = useTimeZone();
  const nowMs = useNowMs();
  const [form] = Form.useForm<Filled>();
  const [placeId, setPlaceId] = useState<string>();
  const [dirty, setDirty] = useState(false);
  useUnsavedGuard(dirty);
  const places = useList<Place>("/api/v1/inspection/places");
  const teams = useList<InspectionTeam>("/api/v1/inspection/teams");
  const lists = useQuery({
    queryKey: ["checklists"],
    queryFn: () => get<{ readonly items: readonly Checklist[] }>("/api/v1/inspection/checklists"),
    staleTime: Infinity,
  });
  const place = places.data?.items.find(({ code }) => code === placeId);
  // Of several versions the last is the one in force.
  const list = lists.data?.items.findLast(({ placeType }) => placeType === place?.placeType);
  const sending = useMutation({
    mutationFn: (filled: Filled) =>
      post<unknown>(
        "/api/v1/inspection/visits",
        {
          areaCode: place?.areaCode,
          visits: [
            {
              teamCode: filled.teamCode,
              placeId: filled.placeId,
              at: instantAt(filled.at.slice(0, 10), filled.at.slice(11, 16), timeZone),
              answers: (list?.items ?? []).map(({ id }) => ({ item: id, ...answerOf(filled.answers[id]) })),
            },
          ],
        },
        { key: props.actionKey },
      ),
    onSuccess: async () => {
      flushSync(() => setDirty(false));
      say(t("action.done", { title: t("inspection.do.record") }));
      props.onClose();
      await refreshLists(client);
    },
  });
  // What was typed is not lost by a slip: leaving asks once.
  const leave = (): void =>
    void Promise.resolve(!dirty || discardAsked(t)).then((go) => (go ? props.onClose() : undefined));
  const again = (): void => void Promise.all([places.refetch(), teams.refetch(), lists.refetch()]);
  const error = places.error ?? teams.error ?? lists.error ?? sending.error;
  const now = wallTime(new Date(nowMs).toISOString(), timeZone);
  return (
    <Modal
      open
      width={720}
      title={t("inspection.do.record")}
      okText={t("inspection.do.record")}
      cancelText={t("action.cancel")}
      okButtonProps={{ disabled: !list, loading: sending.isPending }}
      mask={{ closable: false }}
      onCancel={leave}
      onOk={() => form.submit()}
    >
      {error ? <ProblemNotice error={error} {...(sending.error ? {} : { retry: again })} /> : null}
      <Form<Filled>
        form={form}
        layout="vertical"
        scrollToFirstError
        initialValues={{ at: `${now.day}T${now.time}` }}
        onValuesChange={(change: Partial<Filled>) => {
          setDirty(true);
          if (change.placeId !== undefined) setPlaceId(change.placeId);
        }}
        onFinish={(filled) => sending.mutate(filled)}
      >
        <ChoiceItem
          name="teamCode"
          label={t("inspection.team")}
          rows={(teams.data?.items ?? []).map((team) => ({ value: team.code, label: areaLabel(team) }))}
        />
        <ChoiceItem
          name="placeId"
          label={t("inspection.place")}
          rows={(places.data?.items ?? []).map((one) => ({
            value: one.code,
            label: `${areaLabel(one)} · ${wordFor(t, "inspection.values.placeType", one.placeType)}`,
          }))}
        />
        <Form.Item name="at" label={t("inspection.at")} rules={[{ required: true }]}>
          <Input type="datetime-local" />
        </Form.Item>
        {lists.isPending ? <Waiting rows={3} /> : null}
        {place && lists.data && !list ? <p>{t("inspection.noList")}</p> : null}
        {list ? <Items list={list} /> : <p className="muted">{t("inspection.choosePlace")}</p>}
      </Form>
    </Modal>
  );
}

function answerOf(given: { readonly answer?: string; readonly note?: string } | undefined): object {
  const note = given?.note?.trim() ?? "";
  return { answer: given?.answer, ...(note === "" ? {} : { note }) };
}

function ChoiceItem(props: {
  readonly name: "teamCode" | "placeId";
  readonly label: string;
  readonly rows: { value: string; label: string }[];
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Form.Item
      name={props.name}
      label={props.label}
      rules={[{ required: true, message: t("action.needed", { label: props.label }) }]}
    >
      <Select showSearch={{ optionFilterProp: "label" }} options={props.rows} />
    </Form.Item>
  );
}

/** The items of a list; one that is not met asks for a note beside it. */
function Items({ list }: { readonly list: Checklist }): ReactNode {
  const { t } = useTranslation();
  const needed = t("inspection.answerNeeded");
  return list.items.map((item) => (
    <div key={item.id} className="form-row">
      <Form.Item
        name={["answers", item.id, "answer"]}
        label={`${item.text[currentLanguage()]} (${wordFor(t, "inspection.values.severity", item.severity)})`}
        rules={[{ required: true, message: needed }]}
      >
        <Radio.Group
          options={answerWords.map((value) => ({ value, label: wordFor(t, "field.values.answer", value) }))}
        />
      </Form.Item>
      <Form.Item noStyle shouldUpdate>
        {(form) =>
          form.getFieldValue(["answers", item.id, "answer"]) === "no" ? (
            <Form.Item name={["answers", item.id, "note"]} label={t("inspection.note")}>
              <Input.TextArea maxLength={1_000} autoSize={{ minRows: 1, maxRows: 5 }} />
            </Form.Item>
          ) : null
        }
      </Form.Item>
    </div>
  ));
}
