import { describe, expect, it } from "vitest";
import { escapeHtml, publicForm, publicPage, type PublicField } from "./page.ts";

const both = (text: string) => ({ "zh-CN": `${text}中`, en: text });
const fields: PublicField[] = [
  { name: "name", label: both("Name"), kind: "text", required: true, max: 40, hint: both("As on the card") },
  { name: "phone", label: both("Phone"), kind: "phone" },
  { name: "idNumber", label: both("Identity"), kind: "idNumber" },
  { name: "what", label: both("What"), kind: "choice", choices: [{ value: "food", label: both("Food") }] },
  { name: "day", label: both("Day"), kind: "day" },
  { name: "at", label: both("When"), kind: "moment" },
  { name: "people", label: both("People"), kind: "number", max: 20 },
  { name: "areaCode", label: both("Village"), kind: "area" },
  { name: "text", label: both("Words"), kind: "long", max: 500 },
  { name: "true", label: both("It is true"), kind: "check", required: true },
];
const submit = both("Send");

describe("publicPage", () => {
  it("speaks its language, offers the other one, and runs no script", () => {
    const page = publicPage({ lang: "en", title: both("Help <us>"), drill: false, body: "<p>x</p>" });
    expect(page).toContain('<html lang="en">');
    expect(page).toContain("<h1>Help &lt;us&gt;</h1>");
    expect(page).toContain('href="?lang=zh-CN"');
    expect(page).toContain("width=device-width");
    expect(page).toContain("@media print");
    expect(page).not.toMatch(/<script|DRILL/);
    expect(publicPage({ lang: "zh-CN", title: both("Help"), drill: false, body: "" })).toContain('href="?lang=en"');
  });

  it("says on every page of a drill, title included, that it is one", () => {
    const page = publicPage({ lang: "zh-CN", title: both("Help"), drill: true, body: "" });
    expect(page.match(/演练 DRILL/g)).toHaveLength(2);
  });
});

describe("publicForm", () => {
  it("posts, labels each field and marks the required ones", () => {
    const form = publicForm({ lang: "en", action: "/public/help", submit, fields });
    expect(form).toContain('method="post" action="/public/help?lang=en"');
    for (const field of fields) {
      expect(form).toContain(`for="field-${field.name}"`);
      expect(form).toContain(`name="${field.name}"`);
    }
    expect(form.match(/\(required\)/g)).toHaveLength(2);
    expect(form).toContain('type="tel"');
    expect(form).toContain('type="date"');
    expect(form).toContain('type="datetime-local"');
    expect(form).toMatch(/type="number"[^>]*max="20"/);
    expect(form).toMatch(/<textarea[^>]*maxlength="500"/);
    expect(form).toContain('<option value="food">Food</option>');
    expect(form).not.toContain("aria-invalid");
    expect(form).not.toContain('role="alert"');
  });

  it("keeps what was typed and says what is wrong at its field and above the form", () => {
    const form = publicForm({
      lang: "zh-CN",
      action: "/public/help",
      submit,
      fields,
      values: { name: '"<b>', what: "food", true: "on", people: 3 },
      faults: { name: both("too short"), other: both("try later") },
    });
    expect(form).toContain('value="&quot;&lt;b&gt;"');
    expect(form).toContain('<option value="food" selected>');
    expect(form).toMatch(/type="checkbox" value="true" checked/);
    expect(form).toContain('value="3"');
    expect(form).toMatch(
      /name="name" required aria-invalid="true" aria-describedby="field-name-hint field-name-fault"/,
    );
    expect(form).toContain('<p class="fault" id="field-name-fault">too short中</p>');
    expect(form).toContain('<a href="#field-name">Name中</a>: too short中');
    expect(form).toContain("<li>try later中</li>");
    expect(form.match(/aria-invalid/g)).toHaveLength(1);
  });

  it("lets an area be chosen from a list when there is one", () => {
    const choices = [{ value: "371721", label: both("Cao") }];
    const form = publicForm({
      lang: "en",
      action: "/public/help",
      submit,
      fields: [{ name: "areaCode", label: both("County"), kind: "area", choices }],
    });
    expect(form).toContain('<option value="371721">Cao</option>');
  });

  it("escapes every sign that HTML reads", () => {
    expect(escapeHtml(`<a href='x' title="&">`)).toBe("&lt;a href=&#39;x&#39; title=&quot;&amp;&quot;&gt;");
  });
});
