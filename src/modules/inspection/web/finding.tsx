import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { fixedAt, type Finding, type FindingDetail } from "#domain/inspection";
import { get } from "#web/api";
import { currentLanguage, wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { OperationButton } from "#webx/operation";
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
  if (found.error)
    return (
      <ProblemNotice
        error={found.error}
        retry={() => void found.refetch()}
        back={<Link to="/inspection">{t("inspection.title")}</Link>}
      />
    );
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

/** The next step of a finding, and a penalty where it is deserved; who put it right is not who closes it. */
function Steps({ row }: { readonly row: Finding }): ReactNode {
  const { t } = useTranslation();
  const params = { id: row.id };
  const photo = <OperationButton operation="addFindingPhoto" params={params} />;
  const sanction = (
    <OperationButton
      operation="recordSanction"
      fixed={{ findingId: row.id, areaCode: row.areaCode, placeId: row.placeId }}
      values={{ subject: row.placeName }}
    />
  );
  if (row.state === "closed") return sanction;
  if (row.state !== "rectified")
    return (
      <>
        <OperationButton operation="rectifyFinding" params={params} primary />
        {photo}
        {sanction}
      </>
    );
  return (
    <>
      <OperationButton
        operation="recheckFinding"
        params={params}
        fixed={{ passed: true }}
        label={t("inspection.do.close")}
        confirm={t("inspection.do.otherPerson")}
        primary
      />
      <OperationButton
        operation="recheckFinding"
        params={params}
        fixed={{ passed: false }}
        label={t("inspection.do.sendBack")}
        confirm={t("inspection.do.otherPerson")}
        danger
      />
      {photo}
      {sanction}
    </>
  );
}
