import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button, Input, Modal } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { fixedAt, photoTypes, type Finding, type FindingDetail } from "#domain/inspection";
import { get, newKey, post } from "#web/api";
import { currentLanguage, wordFor } from "#web/i18n";
import { refreshLists } from "#web/refresh";
import { ActionButton } from "#webx/action";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { Due, Moment, Panel, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import { Timeline } from "#webx/timeline";

/** One finding: what was seen, who must put it right and by when, the photos, and the next step. */
export function FindingPage(): ReactNode {
  const { t } = useTranslation();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const found = useQuery({
    queryKey: ["finding", id],
    queryFn: () => get<FindingDetail>(`/api/v1/inspection/findings/${encodeURIComponent(id)}`),
    meta: { topics: ["inspection", "tasks"] },
  });
  if (found.error) return <ProblemNotice error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting rows={8} />;
  const row = found.data;
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/inspection">{t("inspection.title")}</Link>
      </p>
      <header className="page-head">
        <h1>
          {currentLanguage() === "en" ? row.textEn : row.text}{" "}
          <StateWord group="inspection.values.state" value={row.state} />
        </h1>
        <div className="page-actions">
          <Steps row={row} />
        </div>
      </header>
      <div className="columns">
        <Panel title={t("inspection.facts")}>
          <Facts
            rows={[
              [t("inspection.place"), `${row.placeName} (${row.placeId})`],
              [t("common.area"), <AreaPath key="a" code={row.areaCode} />],
              [t("inspection.severity"), wordFor(t, "inspection.values.severity", row.severity)],
              [t("inspection.owner"), wordFor(t, "enums.team", row.ownerTeam)],
              [t("inspection.foundAt"), <Moment key="f" at={row.foundAt} long />],
              [t("inspection.due"), <Due key="d" at={row.dueAt} doneAt={fixedAt(row)} />],
              [t("inspection.repeated"), row.repeats],
              [t("inspection.note"), row.note ?? "–"],
            ]}
          />
        </Panel>
        <Panel title={t("inspection.course")}>
          <Facts
            rows={[
              [t("inspection.fixedAt"), <Moment key="f" at={row.fixedAt} long />],
              [t("inspection.fixedNote"), row.fixedNote ?? "–"],
              [t("inspection.checkedAt"), <Moment key="c" at={row.checkedAt} long />],
              [t("inspection.checkedNote"), row.checkedNote ?? "–"],
              [t("inspection.account.sentBack"), row.sentBackCount],
              [t("inspection.escalatedTo"), row.escalatedTo ? <AreaPath key="e" code={row.escalatedTo} /> : "–"],
            ]}
          />
        </Panel>
        <Panel title={t("inspection.photos")}>
          {row.photos.length === 0 ? <p className="muted">{t("inspection.noPhotos")}</p> : null}
          {row.photos.map((photo) => (
            <figure key={photo.id}>
              <img src={`/api/v1/inspection/photos/${photo.id}`} alt={photo.name} width={240} />
              <figcaption>
                {wordFor(t, "inspection.stage", photo.stage)} <Moment at={photo.takenAt} />
              </figcaption>
            </figure>
          ))}
        </Panel>
        <Timeline subjects={[{ type: "inspectionFinding", id: row.id }]} />
      </div>
    </div>
  );
}

function Steps({ row }: { readonly row: Finding }): ReactNode {
  const { t } = useTranslation();
  if (row.state === "closed") return null;
  if (row.state !== "rectified") return <RectifyButton id={row.id} />;
  const url = `/api/v1/inspection/findings/${row.id}/recheck`;
  const note = {
    name: "note",
    label: t("inspection.checkedNote"),
    kind: "long" as const,
    required: true,
    max: 1_000,
    help: t("inspection.do.otherPerson"),
  };
  return (
    <>
      <ActionButton
        label={t("inspection.do.close")}
        title={t("inspection.do.close")}
        url={url}
        fields={[note]}
        fixed={{ passed: true }}
      />
      <ActionButton
        label={t("inspection.do.sendBack")}
        title={t("inspection.do.sendBack")}
        url={url}
        fields={[note]}
        fixed={{ passed: false }}
        danger
      />
    </>
  );
}

/** A picture as the server wants it: base64 without the address in front. */
async function readPhoto(file: File): Promise<{ name: string; contentType: string; takenAt: string; content: string }> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const takenAt = new Date(file.lastModified).toISOString();
  return { name: file.name.slice(-120), contentType: file.type, takenAt, content: btoa(binary) };
}

function RectifyButton({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [key, setKey] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const [files, setFiles] = useState<readonly File[]>([]);
  const sending = useMutation({
    mutationFn: async () =>
      post<unknown>(
        `/api/v1/inspection/findings/${id}/rectify`,
        { note, photos: await Promise.all(files.map(readPhoto)) },
        { key: key ?? newKey() },
      ),
    onSuccess: async () => {
      setKey(null);
      await refreshLists(client);
    },
  });
  return (
    <>
      <Button size="small" type="primary" onClick={() => setKey(newKey())}>
        {t("inspection.do.rectify")}
      </Button>
      <Modal
        open={key !== null}
        title={t("inspection.do.rectify")}
        okText={t("inspection.do.rectify")}
        cancelText={t("action.cancel")}
        okButtonProps={{ disabled: note.trim() === "" || files.length === 0, loading: sending.isPending }}
        onCancel={() => setKey(null)}
        onOk={() => sending.mutate()}
      >
        {sending.error ? <ProblemNotice error={sending.error} /> : null}
        <label>
          {t("inspection.fixedNote")}
          <Input.TextArea value={note} maxLength={1_000} onChange={(event) => setNote(event.target.value)} />
        </label>
        <label>
          {t("inspection.do.photo")}
          <input
            type="file"
            accept={photoTypes.join(",")}
            capture="environment"
            multiple
            onChange={(event) => setFiles([...(event.target.files ?? [])].slice(0, 6))}
          />
        </label>
      </Modal>
    </>
  );
}
